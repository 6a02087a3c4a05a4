const NAMES: Readonly<Record<string, string>> = {
  bash: "Shell",
  c: "C",
  "c++": "C++",
  cpp: "C++",
  cs: "C#",
  csharp: "C#",
  css: "CSS",
  csv: "CSV",
  go: "Go",
  html: "HTML",
  java: "Java",
  javascript: "JavaScript",
  js: "JavaScript",
  json: "JSON",
  jsx: "JSX",
  kotlin: "Kotlin",
  md: "Markdown",
  php: "PHP",
  py: "Python",
  rb: "Ruby",
  rs: "Rust",
  sh: "Shell",
  shell: "Shell",
  sql: "SQL",
  swift: "Swift",
  toml: "TOML",
  ts: "TypeScript",
  tsx: "TSX",
  typescript: "TypeScript",
  xml: "XML",
  yaml: "YAML",
  yml: "YAML",
};

/** A language as people write it, from the word behind a code fence; null if there is none. */
export function languageName(info: string | undefined): string | null {
  const word = info?.trim().split(/\s/)[0] ?? "";
  if (word === "") return null;
  const known = Object.hasOwn(NAMES, word.toLowerCase()) ? NAMES[word.toLowerCase()] : undefined;
  return known ?? word.charAt(0).toUpperCase() + word.slice(1);
}
