const UNITS = ["KB", "MB", "GB"] as const;

/**
 * A size as people read it, the same for server and page: bytes below 1024, then units of 1024,
 * megabytes and gigabytes with at most one decimal. `round` is for the last digit shown, so that a
 * size and the limit that it exceeds never read alike.
 */
export function formatSize(sizeBytes: number, round: (value: number) => number = Math.round): string {
  if (sizeBytes < 1024) return `${sizeBytes} bytes`;
  let value = sizeBytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = unit === 0 ? round(value) : round(value * 10) / 10;
  return `${shown} ${UNITS[unit]}`;
}
