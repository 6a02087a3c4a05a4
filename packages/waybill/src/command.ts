import { parseArgs } from "node:util";
import { VERSION } from "@waybill/server";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { banner, problemReport } from "./serve/banner.ts";
import { createLogger } from "./serve/logger.ts";
import { readSettings } from "./serve/settings.ts";
import { supervise } from "./supervisor/supervisor.ts";

const HELP = `Usage: waybill serve
       waybill doctor --origin ORIGIN URL

serve: a ChatKit chat from this machine: the API, a files origin and a demo page.
doctor: why a page of ORIGIN cannot read what URL answers, and what to change; \`waybill doctor --help\`.

Variables of serve (empty counts as unset)
  HOST, PORT                 API listener                127.0.0.1, 8787
  WAYBILL_FILES_PORT         files origin                8788
  WAYBILL_FILES_BASE_URL     its public URL              from the listener
  WAYBILL_DEMO_PORT          demo page, or "off"         8780
  WAYBILL_DOCTOR             who finds the doctor's page, /doctor: "on", everybody; "off", nobody
                             people at this machine, if HOST is loopback
  WAYBILL_PUBLIC_BASE_URL    the API's public URL        from the listener
  WAYBILL_ALLOWED_ORIGINS    pages that may use the API  the demo page
  WAYBILL_AUTH               who people are: "local", one user of this machine; "jwt", bearer
                             tokens; "header:NAME", named by a proxy on this machine   local
  WAYBILL_JWT_SECRET         checks tokens (HS256), at least 32 bytes; or else
  WAYBILL_JWKS_URL           address of the keys that check them
  WAYBILL_JWT_AUDIENCE       what their aud must have    anything
  WAYBILL_JWT_ISSUER         what their iss must be      anything
  WAYBILL_DATA_DIR           conversations and files     ./data
  WAYBILL_MODEL              the model that answers    none is asked
  WAYBILL_MODEL_API          how: "responses" or "chat-completions"   responses
  OPENAI_API_KEY             the key of its server; or else, or as well,
  OPENAI_BASE_URL            the address of its server  OpenAI's
  LOG_LEVEL                  trace, debug, info, warn, error, fatal or silent   info
  WAYBILL_IMPORT_ALLOW       private host:port pairs that attachments may be imported from

waybill.config.ts in the working folder may export action, attachmentLimits, attachmentWays,
authenticate, cors, files, log, onFeedback, onStopped, respond, store, streamOptions,
syncAction and transcribe.

Options
  -h, --help                 this text
  -v, --version              the version
`;

async function main(): Promise<number | undefined> {
  if (process.argv[2] === "doctor") return doctorCommand(process.argv.slice(3));
  let parsed: { values: { help?: boolean; version?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  const [command, ...extra] = parsed.positionals;
  if (parsed.values.version === true) {
    console.log(VERSION);
    return 0;
  }
  if (parsed.values.help === true || command === "help") {
    console.log(HELP);
    return 0;
  }
  if (command !== "serve" || extra.length > 0) {
    const said = parsed.positionals.join(" ");
    console.error(
      `${said === "" ? "Waybill needs a command." : `There is no command "${said}".`}\n\n${HELP}`,
    );
    return 2;
  }
  return serveCommand();
}

async function serveCommand(): Promise<number | undefined> {
  // What is wrong with them is told by the worker, together with everything else.
  const { settings } = readSettings(process.env, process.cwd());
  const { log } = createLogger({
    level: settings.logLevel,
    readable: process.stderr.isTTY,
    pseudonymKey: "",
  });
  const started = await supervise(log);
  if (!("close" in started)) {
    console.error(problemReport(started));
    return 1;
  }
  let ending = false;
  const end = (signal: NodeJS.Signals) => {
    // npm and a terminal may both pass a signal on: the second is not impatience yet.
    if (ending) return;
    ending = true;
    console.error(
      `\n${signal === "SIGINT" ? "Stopping" : `${signal}: stopping`}; answers may end for 3 seconds…`,
    );
    started.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  // Last: whoever reads it may send a signal at once.
  console.log(banner(started.facts, settings.notes));
  return undefined;
}

const code = await main();
if (code !== undefined) process.exitCode = code;
