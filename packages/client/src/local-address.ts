/**
 * Whether a host of a URL is this machine, whose http addresses browsers treat as secure.
 *
 * Source: Secure Contexts, 3.1, "Is origin potentially trustworthy?".
 */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}

/**
 * Whether a host of a URL is on the local network, this machine included, by its name or
 * address alone: a public name that resolves to a private address is not seen.
 *
 * Source: Local Network Access, 2.1, "IP address space".
 */
export function isLocalHost(hostname: string): boolean {
  return (
    isLoopbackHost(hostname) ||
    /\.local$|^10\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^169\.254\.\d+\.\d+$/.test(hostname) ||
    /^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(hostname) ||
    /^\[(?:f[cd]|fe[89ab])/.test(hostname)
  );
}
