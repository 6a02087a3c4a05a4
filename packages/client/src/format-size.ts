/** A size as the server says it: megabytes of 2²⁰ bytes with at most one decimal, kilobytes below one, then bytes. */
export function formatSize(sizeBytes: number, round: (value: number) => number = Math.round): string {
  if (sizeBytes < 1024) return `${sizeBytes} bytes`;
  if (sizeBytes < 1024 ** 2) return `${round(sizeBytes / 1024)} KB`;
  return `${round((sizeBytes / 1024 ** 2) * 10) / 10} MB`;
}
