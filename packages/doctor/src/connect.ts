import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import { isIP, type LookupFunction, connect as openSocket, type Socket } from "node:net";
import { createSecureContext, getCACertificates, connect as openTls, type SecureContext } from "node:tls";
import type { Failed } from "./exchange.ts";
import { certificateFault, Fault } from "./fault.ts";

/** Where a connection leads, and whose certificate is expected there. */
export interface Destination {
  readonly isTls: boolean;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The name of the URL, without brackets: what the certificate must be for. */
  readonly certificateName: string;
}

/** An open connection. */
export interface Connection {
  readonly socket: Socket;
  readonly isHttp2: boolean;
  /** Why browsers refuse the certificate; null: they do not, or there is none. */
  readonly certificate: Failed | null;
}

// One address that leads nowhere must not take all the time that there is.
const ATTEMPT_MS = 1_000;
const NO_SUCH_NAME = /^(?:ENOTFOUND|ENODATA|ESERVFAIL|EAI_)/;

/**
 * Opens a connection; whatever it opens is left to `open`. All addresses of a name are tried, and every
 * one of them has gone through `lookup`, those that are written in the URL, too.
 *
 * @throws Fault, or the system's error: see `failedBy`.
 */
export async function connect(
  destination: Destination,
  how: {
    readonly lookup: LookupFunction | undefined;
    readonly signal: AbortSignal;
    readonly open: DisposableStack;
  },
): Promise<Connection> {
  const addresses = await resolve(destination.host, how.lookup ?? systemLookup);
  how.signal.throwIfAborted();
  const socket = openSocket({
    // Never looked up: it is no address, so that the addresses are taken from here.
    host: "resolved.invalid",
    lookup: (_name, _options, done) => done(null, [...addresses]),
    port: destination.port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    noDelay: true,
  });
  keep(socket, how.open);
  await once(socket, "connect");
  return destination.isTls
    ? secure(socket, destination.certificateName, how.open)
    : { socket, isHttp2: false, certificate: null };
}

function keep(socket: Socket, open: DisposableStack): void {
  open.defer(() => socket.destroy());
  // Whoever waits for the socket is told; what comes after that is of no interest.
  socket.on("error", () => {});
}

async function resolve(host: string, lookup: LookupFunction): Promise<readonly LookupAddress[]> {
  // "Let localhost be localhost": browsers ask nobody for names below it.
  const name = host.endsWith(".localhost") ? "localhost" : host;
  try {
    const addresses = await new Promise<readonly LookupAddress[]>((found, failed) => {
      lookup(name, { all: true }, (error, address, family) => {
        if (error !== null) failed(error);
        else found(typeof address === "string" ? [{ address, family: family ?? isIP(address) }] : address);
      });
    });
    if (addresses.length > 0) return addresses;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!NO_SUCH_NAME.test(code)) throw new Fault("address-refused", message);
  }
  throw new Fault("name-not-found", `The name ${host} has no address.`);
}

let trusted: SecureContext | undefined;

/** Whom this machine's browsers trust, too: a company's own authority, or a developer's. Read once. */
function trust(): SecureContext {
  trusted ??= createSecureContext({ ca: [...getCACertificates("default"), ...getCACertificates("system")] });
  return trusted;
}

async function secure(socket: Socket, name: string, open: DisposableStack): Promise<Connection> {
  const tls = openTls({
    socket,
    host: name,
    servername: isIP(name) === 0 ? name : "",
    // As Chromium offers them: the server chooses.
    ALPNProtocols: ["h2", "http/1.1"],
    secureContext: trust(),
    // What is behind a bad certificate is of interest; that it is bad is told.
    rejectUnauthorized: false,
  });
  keep(tls, open);
  await once(tls, "secureConnect");
  return {
    socket: tls,
    isHttp2: tls.alpnProtocol === "h2",
    certificate: tls.authorized ? null : certificateFault(String(tls.authorizationError)),
  };
}
