/** One thing worth telling whoever runs the server. Never holds a secret, a token or a signed URL. */
export interface LogEntry {
  readonly level: "info" | "warning" | "error";
  readonly message: string;
  readonly request_id?: string;
  /** The exception behind it, if there is one. */
  readonly error?: unknown;
}

/** Where log entries go. */
export type Log = (entry: LogEntry) => void;

/** Writes each entry to standard error as one line of JSON. */
export const logToStderr: Log = ({ error, ...entry }) => {
  const line = {
    time: new Date().toISOString(),
    ...entry,
    ...(error === undefined
      ? {}
      : { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
};
