/** Names that are more than their word with a capital, each behind the words for it. */
const NAMES =
  "bash sh Shell,c++ cpp C++,cs csharp C#,javascript js JavaScript,md Markdown,py Python,rb Ruby,rs Rust,ts typescript TypeScript,yml YAML"
    .split(",")
    .map((entry) => entry.split(" "));
const CAPITALS = /^(css|csv|html|json|jsx|php|sql|toml|tsx|xml|yaml)$/;

/** A language as people write it, from the word behind a code fence; null if there is none. */
export function languageName(info: string | undefined): string | null {
  const word = info?.trim().split(/\s/)[0] ?? "";
  if (word === "") return null;
  const small = word.toLowerCase();
  if (CAPITALS.test(small)) return small.toUpperCase();
  return NAMES.find((names) => names.includes(small))?.at(-1) ?? word.charAt(0).toUpperCase() + word.slice(1);
}
