// Prepares the workspace and runs one task of it: `node scripts/run.mjs start|build|test|lint|format`.
// Has no dependencies and runs on Node 20.19 or newer; the task itself runs on Node 24 or newer,
// which the workspace installs for itself from npm where the machine has an older one.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { arch, platform } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamps = join(modules, ".cache", "waybill");
const NODE_MAJOR = 24;

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** @param {string} sentence */
function say(sentence) {
  console.error(`waybill: ${sentence}`);
}

/** @param {string} name @param {string} digest @param {() => void} work */
function onceFor(name, digest, work) {
  const stamp = join(stamps, name);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  rmSync(stamp, { force: true });
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
}

/** @param {readonly string[]} files */
function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** @param {string} folder @param {(name: string) => boolean} wanted @returns {string[]} */
function filesBelow(folder, wanted) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && entry.name !== "dist") found.push(...filesBelow(path, wanted));
    } else if (wanted(entry.name)) found.push(path);
  }
  return found.sort();
}

/** @param {string} folder */
const workspacesIn = (folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(root, folder, name))
    .filter((path) => existsSync(join(path, "package.json")));

const packageFolders = workspacesIn("packages");

/** The arguments that run npm without a shell, whatever started this script. */
function npmCommand() {
  const fromNpm = process.env["npm_execpath"];
  if (fromNpm !== undefined && fromNpm.endsWith(".js")) return [process.execPath, fromNpm];
  return [platform() === "win32" ? "npm.cmd" : "npm"];
}

function install() {
  const files = [join(root, "package-lock.json"), join(root, "package.json")];
  for (const folder of [...packageFolders, ...workspacesIn("examples")])
    files.push(join(folder, "package.json"));
  const digest = `${platform()}-${arch()} ${digestOf(files)}`;
  onceFor("installed", digest, () => {
    say("installing the workspace's packages (once)…");
    const [command, ...prefix] = npmCommand();
    // Not `npm ci`: it refuses a lock file that does not list the optional packages of every platform,
    // and a lock file lists only what its author's registry had. What is locked is installed as locked.
    const result = spawnSync(String(command), [...prefix, "install", "--no-save", "--loglevel=error"], {
      cwd: root,
      // stdout is the task's own.
      stdio: ["ignore", 2, 2],
      env: { ...process.env, NODE_ENV: "development" },
    });
    if (result.status !== 0) {
      fail(
        "`npm install` failed; its message is above. Check the network and the npm registry in use, then run this again.",
      );
    }
  });
}

/** @returns {string} */
function findNode() {
  const own = Number(process.versions.node.split(".")[0]);
  if (own >= NODE_MAJOR) return process.execPath;
  const names = [`node-${platform()}-${arch()}`, `node-bin-${platform()}-${arch()}`, `node-win-${arch()}`];
  const binaries = platform() === "win32" ? ["bin/node.exe"] : ["bin/node"];
  for (const name of names) {
    for (const binary of binaries) {
      const path = join(modules, name, binary);
      if (existsSync(path)) return path;
    }
  }
  return (
    fail(
      `Waybill needs Node ${NODE_MAJOR} or newer; this is ${process.version}, and npm has none for ${platform()} ${arch()}. ` +
        "Install Node 24 and run this again.",
    ) ?? ""
  );
}

/** @param {string} node */
function environment(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env["PATH"] ?? ""}` };
}

/** @param {string} packageName @param {string} [bin] @returns {string} */
function binOf(packageName, bin = packageName) {
  const folder = realpathSync(join(modules, packageName));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof manifest.bin === "string" ? manifest.bin : manifest.bin[bin]);
}

/** @param {string} node @param {readonly string[]} args @param {string} [cwd] */
function runNode(node, args, cwd = root) {
  return spawnSync(node, args, { cwd, stdio: ["ignore", 2, 2], env: environment(node) }).status ?? 1;
}

/** @param {string} node */
function build(node) {
  const sources = packageFolders.flatMap((folder) =>
    filesBelow(
      folder,
      (name) => /\.(ts|css|html|png|json|mjs)$/.test(name) && !/\.test(-d)?\.ts$/.test(name),
    ),
  );
  const digest = digestOf([...sources, join(root, "tsconfig.base.json"), join(root, "package-lock.json")]);
  const outputs = [
    join(root, "packages/element/dist/chatkit.js"),
    join(root, "packages/waybill/dist/bin.js"),
  ];
  if (!outputs.every((output) => existsSync(output))) rmSync(join(stamps, "built"), { force: true });
  onceFor("built", digest, () => {
    say("building (only after a change)…");
    const projects = packageFolders.map((folder) => relative(root, folder));
    if (runNode(node, [binOf("typescript", "tsc"), "-b", ...projects]) !== 0)
      fail("The build failed; the compiler's message is above.");
    if (runNode(node, [binOf("vite"), "build", "--logLevel", "warn"], join(root, "packages/element")) !== 0) {
      fail("The element's bundle could not be built; the message is above.");
    }
  });
}

/** A Chromium for the browser tests: CHROME_PATH, an installed one, or Debian's package. */
function findChromium() {
  const given = process.env["CHROME_PATH"];
  if (given) {
    if (!existsSync(given))
      fail(
        `CHROME_PATH is ${given}, and there is no such file. Correct it, or unset it to use an installed Chromium.`,
      );
    return given;
  }
  const candidates = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) =>
      ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map((name) =>
        join(folder, name),
      ),
    );
  candidates.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  return candidates.find((path) => existsSync(path));
}

const isDebianRoot = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

let aptIsFresh = false;

/** Installs Debian's packages. @param {readonly string[]} names */
function aptInstall(...names) {
  const apt = {
    stdio: /** @type {["ignore", 2, 2]} */ (["ignore", 2, 2]),
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  if (!aptIsFresh) spawnSync("apt-get", ["-qq", "update"], apt);
  aptIsFresh = true;
  // Debian starts the servers it installs, unless this program says no: 101, "action forbidden".
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  spawnSync("apt-get", ["-qq", "-y", "install", "--no-install-recommends", ...names], apt);
  if (isOurs) rmSync(policy, { force: true });
}

function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (isDebianRoot()) {
    say("installing Debian's Chromium for the browser tests (once)…");
    aptInstall("chromium");
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  return (
    fail(
      "The browser tests need a Chromium, and none was found. Install one, or set CHROME_PATH to its program.",
    ) ?? ""
  );
}

/** A program on the PATH. @param {readonly string[]} names */
function programOf(...names) {
  // Servers are where not everybody looks for programs.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * The other engines and the official server, as variables that the tests read. What Debian can install
 * is installed; elsewhere what is missing is named, and its tests are left out.
 * @returns {NodeJS.ProcessEnv}
 */
function ensurePeers() {
  const peers = /** @type {NodeJS.ProcessEnv} */ ({});
  const services = [
    {
      variable: "FIREFOX_PATH",
      name: "Firefox",
      packages: ["firefox-esr"],
      find: () => programOf("firefox-esr", "firefox"),
    },
    {
      variable: "WEBKIT_DRIVER_PATH",
      name: "WebKit (WebKitWebDriver and Xvfb)",
      packages: ["webkit2gtk-driver", "xvfb"],
      find: () => (programOf("Xvfb") === undefined ? undefined : programOf("WebKitWebDriver")),
    },
    {
      variable: "OFFICIAL_PYTHON",
      name: "the official Python server",
      packages: ["python3-venv"],
      find: officialPython,
    },
    {
      variable: "SETUPS_PYTHON",
      name: "a Python with FastAPI, Flask and Django",
      packages: ["python3-venv"],
      find: setupsPython,
    },
    {
      variable: "GO_PROGRAM",
      name: "Go",
      packages: ["golang-go"],
      find: () => programOf("go"),
    },
    ...[
      ["NGINX_PATH", "nginx", "nginx-light"],
      ["APACHE_PATH", "apache2", "apache2"],
      ["CADDY_PATH", "caddy", "caddy"],
      ["HAPROXY_PATH", "haproxy", "haproxy"],
      ["LIGHTTPD_PATH", "lighttpd", "lighttpd"],
    ].map(([variable = "", program = "", debian = ""]) => ({
      variable,
      name: program,
      packages: [debian],
      find: () => programOf(program),
    })),
  ];
  for (const { variable, name, packages, find } of services) {
    const given = process.env[variable] || find();
    if (given === undefined && isDebianRoot()) {
      say(`installing ${name} for the tests (once)…`);
      aptInstall(...packages);
    }
    const path = given ?? find();
    if (path !== undefined) peers[variable] = path;
    else if (isDebianRoot()) fail(`${name} could not be installed for the tests; see above.`);
    else say(`${name} is not here: its tests are left out. Install it, or set ${variable}.`);
  }
  const gateway = process.env["S3_GATEWAY_PATH"] || s3Gateway(peers["GO_PROGRAM"]);
  if (gateway !== undefined) peers["S3_GATEWAY_PATH"] = gateway;
  else
    say("There is no gateway that speaks S3: its tests are left out. It needs Go 1.26, or S3_GATEWAY_PATH.");
  return peers;
}

const S3_GATEWAY = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

/** A gateway that speaks S3 before a folder, built once where Go is new enough. @param {string | undefined} go */
function s3Gateway(go) {
  if (go === undefined) return undefined;
  const folder = join(stamps, "s3-gateway");
  const program = join(folder, platform() === "win32" ? "versitygw.exe" : "versitygw");
  if (!existsSync(program)) rmSync(join(stamps, "s3-gateway-built"), { force: true });
  onceFor("s3-gateway-built", S3_GATEWAY, () => {
    const version = String(spawnSync(go, ["env", "GOVERSION"], { encoding: "utf8" }).stdout ?? "");
    const [major = 0, minor = 0] = (version.match(/\d+/g) ?? []).map(Number);
    if (major < 1 || (major === 1 && minor < 26)) return;
    say("building a gateway that speaks S3 for the tests (once)…");
    spawnSync(go, ["install", S3_GATEWAY], {
      stdio: ["ignore", 2, 2],
      env: { ...process.env, GOBIN: folder },
    });
  });
  return existsSync(program) ? program : undefined;
}

/**
 * A Python with the packages that a file lists, in a virtual environment of the workspace's own.
 * @param {string} stamp @param {string} folderName @param {string} file @param {string} whose
 */
function pythonWith(stamp, folderName, file, whose) {
  const requirements = join(root, file);
  const folder = join(stamps, folderName);
  const python = join(folder, platform() === "win32" ? "Scripts/python.exe" : "bin/python");
  onceFor(stamp, digestOf([requirements]), () => {
    const output = { stdio: /** @type {["ignore", 2, 2]} */ (["ignore", 2, 2]) };
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    const system = programOf("python3", "python");
    if (system !== undefined && spawnSync(system, ["-m", "venv", "--clear", folder], output).status === 0) {
      say(`installing ${whose} for the tests (once)…`);
      if (spawnSync(python, pip, output).status === 0) return;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  if (existsSync(python)) return python;
  rmSync(join(stamps, stamp), { force: true });
  return undefined;
}

const officialPython = () =>
  pythonWith(
    "official-server",
    "python",
    "conformance/official-server/requirements.txt",
    "the official Python server",
  );

const setupsPython = () =>
  pythonWith(
    "setups",
    "setups-python",
    "packages/doctor/test/setups/requirements.txt",
    "FastAPI, Flask and Django",
  );

/** Runs in the foreground, hands signals on, and ends as the child ends. @param {string} node @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
function become(node, args, env) {
  const child = spawn(node, args, { cwd: process.env["INIT_CWD"] ?? root, stdio: "inherit", env });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"])) {
    // A terminal sends Ctrl+C to the whole group; the child then hears it twice, which it is built for.
    process.on(signal, () => child.kill(signal));
  }
  // npm hands a signal to its shell, which may die of it without a word to us: being orphaned is the signal.
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      child.kill("SIGTERM");
    }, 200);
  }
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** @param {number} passed @param {number} failed @returns {never} */
function close(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

/** @param {string} node @param {readonly string[]} only */
function test(node, only) {
  const browsersAndServers = { CHROME_PATH: ensureChromium(), ...ensurePeers() };
  let checksFailed = 0;
  if (only.length === 0) {
    const checks = [
      { name: "types of the tests", args: [binOf("typescript", "tsc"), "-p", "tsconfig.test.json"] },
      { name: "lint", args: [binOf("oxlint")] },
      { name: "format", args: [binOf("@biomejs/biome", "biome"), "check", "--error-on-warnings"] },
    ];
    for (const check of checks) {
      if (runNode(node, check.args) === 0) continue;
      checksFailed += 1;
      say(`${check.name}: failed, see above.`);
    }
  }
  const report = join(stamps, "tests.json");
  rmSync(report, { force: true });
  const result = spawnSync(
    node,
    [binOf("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...only],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...environment(node), ...browsersAndServers },
    },
  );
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  const passed = counts?.numPassedTests ?? 0;
  let failed = (counts?.numFailedTests ?? 0) + checksFailed;
  // A file that does not load, or an unhandled rejection, fails the run without failing a test.
  if (result.status !== 0 && failed === 0) failed = 1;
  close(passed, failed);
}

const [task = "help", ...rest] = process.argv.slice(2);
if (
  ![
    "start",
    "build",
    "test",
    "lint",
    "format",
    "conformance",
    "conformance:server",
    "differential",
    "faults",
  ].includes(task)
) {
  fail(
    "Usage: node scripts/run.mjs start | build | test [vitest arguments] | lint | format | conformance [options] | conformance:server [options] | differential [options] | faults [options]",
  );
}
install();
const node = findNode();
switch (task) {
  case "start":
    build(node);
    become(node, [join(root, "packages/waybill/dist/bin.js"), "serve", ...rest], process.env);
    break;
  case "conformance":
    // The suite starts servers from their sources, and needs no build.
    become(node, [join(root, "conformance/main.ts"), ...rest], {
      ...process.env,
      ...(rest.includes("--official") && {
        OFFICIAL_PYTHON: process.env["OFFICIAL_PYTHON"] || officialPython(),
      }),
    });
    break;
  case "conformance:server":
    build(node);
    become(node, [join(root, "conformance/waybill-server/main.ts"), ...rest], process.env);
    break;
  case "differential":
    // Needs no build, either: the condition takes the packages from their sources, too.
    become(node, ["--conditions=@waybill/source", join(root, "conformance/differential/main.ts"), ...rest], {
      ...process.env,
      CHROME_PATH: ensureChromium(),
    });
    break;
  case "faults":
    // From the sources as well.
    become(node, [join(root, "conformance/faults/main.ts"), ...rest], process.env);
    break;
  case "build":
    build(node);
    break;
  case "test":
    build(node);
    test(node, rest);
    break;
  case "lint":
    process.exit(runNode(node, [binOf("oxlint"), ...rest]));
    break;
  default:
    process.exit(runNode(node, [binOf("@biomejs/biome", "biome"), "check", "--write", ...rest]));
}
