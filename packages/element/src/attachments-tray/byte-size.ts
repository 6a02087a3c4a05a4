/** A size in words, for example "2.4 MB": units of 1024, one decimal below ten. */
export function byteSize(sizeBytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"] as const;
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${Number(value.toFixed(digits))} ${units[unit] ?? ""}`;
}
