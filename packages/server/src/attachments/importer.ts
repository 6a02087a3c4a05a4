import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { ChatError } from "@waybill/protocol";
import { Client, type Dispatcher } from "undici";
import { type ImportClient, type ImportClientClass, obeysConnector } from "./import-client.ts";
import {
  type ImportSubject,
  importStatus,
  importTimeout,
  importTooLarge,
  unreachable,
} from "./import-errors.ts";
import { hostOf, parseImportAllow, parseImportUrl, refusedAddress } from "./import-url.ts";
import { publicLookup, RefusedAddressError } from "./public-lookup.ts";

/** How an importer is made. */
export interface ImporterOptions {
  /** Waybill's version, for the `User-Agent`. */
  readonly version: string;
  /** `host:port` pairs that may be reached although they are private, exactly as the URL has them. @default none */
  readonly allow?: readonly string[];
  /** Finds the addresses of a name. @default `dns.lookup` */
  readonly lookup?: LookupFunction;
  /** Makes the connections; one that does not let itself be led to an address is not used. @default undici's `Client` */
  readonly Connection?: ImportClientClass;
}

/** What one import may take. */
export interface ImportOptions {
  /** Largest size in bytes. */
  readonly maxBytes: number;
  /** For all of it: lookup, connections, redirects and the last byte. */
  readonly timeoutMs: number;
  /** Ends the import; its reason passes through. */
  readonly signal: AbortSignal;
  /** What messages call it. @default "file" */
  readonly what?: "picture" | "file";
}

/** A file that is being fetched. */
export interface ImportSource {
  /** The host that the page named. */
  readonly host: string;
  /** `Content-Type` as the server sent it. */
  readonly contentType: string | undefined;
  /** The size that the server announced, in bytes. */
  readonly announcedBytes: number | undefined;
  /** The bytes, once. Iterating throws what {@link Importer.open} may throw. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection; needed also when the body was never read. Twice is no error. */
  close(): void;
}

/** Fetches files for strangers. */
export interface Importer {
  /**
   * Asks the address and follows at most 5 redirects, each of them checked anew. The answer is a
   * 200 whose announced size is within the limit.
   *
   * Guarantee: no connection is opened to an address that is not public, unless `allow` names the
   * URL's host and port. The address that was checked is the one connected to, because the check
   * is part of the connection's own lookup. No cookie and no credential is ever sent.
   *
   * @throws ChatError `invalid_request`, `import_refused_address`, `import_unreachable`,
   * `import_status`, `import_too_large`, `import_timeout`; their `details.host` is the host that the
   * page named, and nothing in them holds a query or an address of the inside. `not_implemented` where the
   * runtime's connections cannot be held to the guarantee.
   */
  open(sourceUrl: string, options: ImportOptions): Promise<ImportSource>;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function headerText(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

/**
 * An importer. It holds nothing between imports: each hop has a connection of its own.
 *
 * @throws TypeError if `allow` has a pair that is not of the form `host:port`.
 */
export function createImporter(options: ImporterOptions): Importer {
  const allow = parseImportAllow(options.allow ?? []);
  const { Connection = Client, lookup = dns.lookup } = options;
  const guarded = publicLookup(lookup);
  const headers = {
    "user-agent": `Waybill/${options.version} (+import)`,
    accept: "image/*, */*;q=0.8",
    // So that Content-Length is the file's size, and a small answer cannot unpack to a large one.
    "accept-encoding": "identity",
  };

  let isGuarded: Promise<boolean> | undefined;

  return {
    async open(sourceUrl, { maxBytes, timeoutMs, signal, what = "file" }) {
      const host = hostOf(sourceUrl);
      let target = parseImportUrl(sourceUrl, allow, { host, redirected: false });
      signal.throwIfAborted();
      isGuarded ??= obeysConnector(Connection);
      if (!(await isGuarded)) {
        const message =
          "This server cannot fetch files by itself: its runtime does not let it check addresses.";
        throw new ChatError("not_implemented", { message, details: { host } });
      }
      let subject: ImportSubject = { what, host };
      let client: ImportClient | undefined;
      const deadline = AbortSignal.timeout(timeoutMs);
      const ended = AbortSignal.any([signal, deadline]);
      // undici honours a request's signal only once it is connected; destroying the client always works.
      const close = (): void => {
        ended.removeEventListener("abort", close);
        client?.destroy(new Error("the import is over")).catch(() => undefined);
      };
      ended.addEventListener("abort", close);
      const explain = (error: unknown): unknown => {
        if (signal.aborted) return signal.reason;
        if (deadline.aborted) return importTimeout(subject, timeoutMs);
        if (error instanceof RefusedAddressError) {
          return refusedAddress(
            { host, redirected: subject.redirectedTo !== undefined },
            "a private address",
          );
        }
        return unreachable(error, subject);
      };

      const ask = async (): Promise<Dispatcher.ResponseData> => {
        ended.throwIfAborted();
        client = new Connection(target.url.origin, {
          allowH2: false,
          connectTimeout: timeoutMs,
          headersTimeout: 0,
          bodyTimeout: 0,
          connect: { lookup: target.trusted ? lookup : guarded },
        });
        const path = `${target.url.pathname}${target.url.search}`;
        const response = await client.request({ method: "GET", path, headers });
        // Whoever reads the body sees its error; one that nobody reads must not end the process.
        response.body.on("error", () => undefined);
        return response;
      };

      async function* bytes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        let arrived = 0;
        try {
          for await (const chunk of body) {
            arrived += chunk.byteLength;
            if (arrived > maxBytes) throw importTooLarge(subject, arrived, maxBytes, true);
            yield chunk;
          }
        } catch (error) {
          throw explain(error);
        } finally {
          close();
        }
      }

      try {
        for (let redirects = 0; ; redirects++) {
          const { statusCode: status, headers: answered, body } = await ask();
          const location = headerText(answered["location"]);
          if (REDIRECTS.has(status) && location !== undefined) {
            if (redirects === MAX_REDIRECTS) {
              throw importStatus(subject, status, `redirects more than ${MAX_REDIRECTS} times`);
            }
            await client?.destroy();
            target = parseImportUrl(location, allow, { host, redirected: true }, target.url);
            subject = { what, host, redirectedTo: target.url.host };
            continue;
          }
          if (status !== 200) throw importStatus(subject, status);
          const encoding = headerText(answered["content-encoding"])?.toLowerCase() ?? "identity";
          if (encoding !== "identity") {
            throw importStatus(subject, status, "answered with compressed bytes, which were not asked for");
          }
          const length = headerText(answered["content-length"]);
          const announcedBytes = length === undefined ? undefined : Number(length);
          if (announcedBytes !== undefined && announcedBytes > maxBytes) {
            throw importTooLarge(subject, announcedBytes, maxBytes, false);
          }
          const contentType = headerText(answered["content-type"]);
          return { host, contentType, announcedBytes, body: bytes(body), close };
        }
      } catch (error) {
        close();
        throw explain(error);
      }
    },
  };
}
