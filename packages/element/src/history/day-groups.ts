import type { ThreadMetadata } from "@waybill/protocol";

/** Conversations that began in the same span of time. */
export interface DayGroup {
  /** Today, yesterday, or a month. */
  readonly label: string;
  readonly threads: readonly ThreadMetadata[];
}

const DAY_MS = 86_400_000;

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/**
 * Puts conversations under headings, in the order given; none for none. A time that cannot be
 * read counts as now.
 */
export function groupByDay(
  threads: readonly ThreadMetadata[],
  locale: string,
  now: Date,
): readonly DayGroup[] {
  const days = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });
  const labelOf = (createdAt: string): string => {
    const parsed = new Date(createdAt);
    const date = Number.isNaN(parsed.getTime()) ? now : parsed;
    // rounded, for days of 23 and 25 hours
    const age = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
    const label = age < 1 ? days.format(0, "day") : age === 1 ? days.format(-1, "day") : months.format(date);
    return label.charAt(0).toLocaleUpperCase(locale) + label.slice(1);
  };
  const groups: { label: string; threads: ThreadMetadata[] }[] = [];
  for (const thread of threads) {
    const label = labelOf(thread.created_at);
    const last = groups.at(-1);
    if (last?.label === label) last.threads.push(thread);
    else groups.push({ label, threads: [thread] });
  }
  return groups;
}
