import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import type { EngineDriver } from "./engine-page.ts";

/** The code points by which WebDriver names keys that have no letter. */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Delete: "\uE017",
  F2: "\uE032",
};
const START_ATTEMPTS = 200;

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

/** Ends a process that was started here, and waits until it has ended. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

/** A display of its own: Xvfb takes a free number and says which. */
async function startDisplay(): Promise<{ readonly child: ChildProcess; readonly display: string }> {
  const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1400x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await Promise.race([
    once(child.stdio[3] as Readable, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("Xvfb ended before it had a display."))),
  ]);
  return { child, display: `:${String(number).trim()}` };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Sends commands of WebDriver; a failure carries the driver's own words. */
function commands(port: number): Call {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const { value } = (await response.json()) as { readonly value: unknown };
    if (!response.ok) throw new Error(`WebDriver, ${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
}

/** Asks until the driver listens; it has no other way to say that it does. */
async function ready(call: Call, driver: ChildProcess): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call("GET", "/status");
      return;
    } catch (error) {
      if (attempt === START_ATTEMPTS || driver.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Starts WebKit's MiniBrowser with one page, on a display of its own, led by WebKitWebDriver. */
export async function launchWebKit(driverPath: string): Promise<EngineDriver> {
  const { child: xvfb, display } = await startDisplay();
  const port = await freePort();
  const driver = spawn(driverPath, [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    env: { ...process.env, DISPLAY: display, GDK_BACKEND: "x11" },
  });
  const root = commands(port);
  const stop = async () => {
    await end(driver);
    await end(xvfb);
  };
  try {
    await ready(root, driver);
    const session = (await root("POST", "/session", { capabilities: {} })) as { readonly sessionId: string };
    return webKitDriver(
      (method, path, body) => root(method, `/session/${session.sessionId}${path}`, body),
      stop,
    );
  } catch (error) {
    await stop();
    throw error;
  }
}

function webKitDriver(call: Call, stop: () => Promise<void>): EngineDriver {
  const script = (text: string) => call("POST", "/execute/sync", { script: text, args: [] });
  const keys = (actions: readonly object[]) =>
    call("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  const down = (value: string) => ({ type: "keyDown", value });
  const up = (value: string) => ({ type: "keyUp", value });
  return {
    name: "WebKit",
    console: null,
    goto: async (url) => void (await call("POST", "/url", { url })),
    async run(expression) {
      const text = `const done = arguments[arguments.length - 1]; (${expression}).then(done);`;
      return String(await call("POST", "/execute/async", { script: text, args: [] }));
    },
    async clickAt(x, y) {
      await call("POST", "/actions", {
        actions: [
          {
            type: "pointer",
            id: "mouse",
            parameters: { pointerType: "mouse" },
            actions: [
              { type: "pointerMove", x, y, origin: "viewport" },
              { type: "pointerDown", button: 0 },
              { type: "pointerUp", button: 0 },
            ],
          },
        ],
      });
    },
    async press(held, key) {
      const all = [...held, key].map((name) => KEYS[name] ?? name);
      await keys([...all.map(down), ...all.toReversed().map(up)]);
    },
    type: async (text) => void (await keys([...text].flatMap((letter) => [down(letter), up(letter)]))),
    async setFiles(input, paths) {
      const element = (await script(`return ${input}`)) as Readonly<Record<string, string>>;
      const [id] = Object.values(element);
      await call("POST", `/element/${id}/value`, { text: paths.join("\n") });
    },
    async resize(width, height) {
      await call("POST", "/window/rect", { x: 0, y: 0, width, height });
      // What the window's own bars take is added; a window has a least width, and the rest is the document's.
      const [inner, outer] = (await script("return [innerHeight, outerHeight]")) as [number, number];
      await call("POST", "/window/rect", { x: 0, y: 0, width, height: height + outer - inner });
      await script(`document.documentElement.style.width = innerWidth > ${width} ? "${width}px" : ""`);
    },
    setOffline: async () => false,
    async screenshot() {
      return Buffer.from(String(await call("GET", "/screenshot")), "base64");
    },
    async close() {
      await call("DELETE", "").finally(stop);
    },
  };
}
