import { Marked } from "marked";
import { describe, expect, test } from "vitest";
import { readBlocks } from "./blocks.ts";
import type { Block, Inline, Row } from "./tokens.ts";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function written(inner: readonly Inline[]): string {
  return inner
    .map((one) => {
      if (one.type === "text") return escaped(one.text);
      if (one.type === "code") return `<code>${escaped(one.text)}</code>`;
      if (one.type === "br") return "<br>";
      if (one.type === "html") return one.text;
      if (one.type === "image") return `<img src="${escaped(one.href)}" alt="${escaped(one.text)}">`;
      if (one.type === "link") return `<a href="${escaped(one.href)}">${written(one.inner)}</a>`;
      return `<${one.type}>${written(one.inner)}</${one.type}>`;
    })
    .join("");
}

function html(blocks: readonly Block[], isTight = false): string {
  return blocks.map((block) => htmlOf(block, isTight)).join("");
}

function htmlOf(block: Block, isTight: boolean): string {
  switch (block.type) {
    case "paragraph":
      return isTight ? written(block.inner) : `<p>${written(block.inner)}</p>`;
    case "heading":
      return `<h${block.depth}>${written(block.inner)}</h${block.depth}>`;
    case "quote":
      return `<blockquote>${html(block.blocks)}</blockquote>`;
    case "codeblock": {
      const language = block.lang.split(" ")[0];
      return `<pre><code${language ? ` class="language-${language}"` : ""}>${escaped(block.text)}</code></pre>`;
    }
    case "list": {
      const tag = block.ordered ? "ol" : "ul";
      const items = block.items.map(({ blocks, checked }) => {
        const box =
          checked === null ? "" : `<input ${checked ? 'checked="" ' : ""}disabled="" type="checkbox"> `;
        return `<li>${box}${html(blocks, !block.loose)}</li>`;
      });
      return `<${tag}${block.ordered && block.start !== 1 ? ` start="${block.start}"` : ""}>${items.join("")}</${tag}>`;
    }
    case "table": {
      const row = ({ cells }: Row, tag: string) =>
        `<tr>${cells.map((cell, index) => `<${tag}${block.align[index] ? ` align="${block.align[index]}"` : ""}>${written(cell)}</${tag}>`).join("")}</tr>`;
      const body = block.rows.map((one) => row(one, "td")).join("");
      return `<table><thead>${row(block.header, "th")}</thead>${body === "" ? "" : `<tbody>${body}</tbody>`}</table>`;
    }
    case "html":
      return block.text;
    case "hr":
      return "<hr>";
  }
}

/** White space that draws nothing goes, and what our tree does not keep: titles. */
const even = (text: string) =>
  text
    .replaceAll(/ title="[^"]*"/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll(/\n+<\/code>/g, "</code>")
    .replaceAll(
      /\s*(<\/?(?:p|h\d|ul|ol|li|blockquote|pre|hr|br|table|thead|tbody|tr|th|td)\b[^>]*>)\s*/g,
      "$1",
    )
    .trim();

const ours = (text: string) => even(html(readBlocks(text).tokens));
const oracle = new Marked({ gfm: true, async: false });

describe("reads as marked does", () => {
  test.each([
    "# One\n\n###### Six ##\n\n####### seven\n\n#none\n\n## C#",
    "Set *me*\n===\n\nAnd\nme\n---",
    "one\ntwo  \nthree\\\nfour",
    "- a\n- b\n  - c\n    - d\n- e",
    "- a\n\n- b",
    "- a\n\n  more\n- b",
    "- a\n  - b\n\n    c\n- d",
    "* a\n+ b\n- c",
    "3. a\n4. b\n\n1) c",
    "text\n- a\n2. b",
    "1. a\n   ```js\n   x\n   ```\n2. b",
    "- a\nlazy\n- b",
    "- [ ] open\n- [x] done\n- [] none",
    "```ts title\na\n\n  b\n```",
    "~~~\na\n```\n~~~",
    "````\n```\n````",
    "text\n\n    code\n\n    more\n\ntext",
    "> a\nb\n> - c\n\n> d",
    "> > a\n> b",
    "| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |",
    "a | b\n-|-\n1 \\| 2 | `x \\| y`\n| one\n1 | 2 | 3\n\nend",
    "| a | b |\n|---|---|\n| 1 | 2 |\n> quote",
    "| a | b |\n|---|",
    "*a* **b** ***c*** _d_ __e__ ~~f~~ ~g~",
    "**a *b* c** *a **b** c* **a*",
    "a_b_c a*b*c 2 * 3 * 4 _a_b",
    "**a**b **(c)**d *(*e*)*",
    "***a** b* ****c**** *a **b*",
    "`a` ``b ` c`` ` `` ` `d\ne` `f",
    "[a](https://e.x) [b](<https://e.x/a> \"t\") [c](/x 'y')",
    "[a *b*](u) [a [b](c) d](e) [x](a(b)c) [y](a b)",
    "[a][x] [x][] [x] [no] [a][no]\n\n[x]: https://e.x 'title'",
    "![a *b*](i.png) [![c](i.png)](u) ![x]\n\n[x]: <i.png>",
    "<https://e.x> <a@e.x> https://e.x/a_b?c=d). www.e.x/a(b) me@e.x",
    "[https://e.x](https://f.x) **https://e.x**",
    "&amp; &lt;b&gt; &#65; &#x42; \\*a\\* \\& \\a \\\\",
    'a <b class="*x*">c</b> <br> <!-- *d* --> 1 < 2 > 0',
    "<div>\n*a*\n</div>\n\n*b*",
    "***\n\n- - -\n\n___",
    "a\n***\nb",
  ])("%j", (text) => expect(ours(text)).toBe(even(oracle.parse(text) as string)));
});

describe("reads by the rules where marked does not", () => {
  test.each([
    [
      "a **emphasis rule of three: *foo**bar**",
      "<p>a <strong>emphasis rule of three: *foo</strong>bar**</p>",
    ],
    [
      "| a |\n|---|\n\\|",
      "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>|</td></tr></tbody></table>",
    ],
    ["[x]: a\n[x]: b\n\n[x]", '<p><a href="a">x</a></p>'],
    ["https://e.x\u{fdd0}1\u{fdd1}", '<p><a href="https://e.x">https://e.x</a>\u{fdd0}1\u{fdd1}</p>'],
    ["intro\n| a |\n|---|", "<p>intro</p><table><thead><tr><th>a</th></tr></thead></table>"],
    ["-\n\n  a", "<ul><li></li></ul><p>a</p>"],
    ["\tcode\n\n-\ta", "<pre><code>code</code></pre><ul><li>a</li></ul>"],
    ["a\r\n\r\nb\rc", "<p>a</p><p>b\nc</p>"],
  ])("%j", (text, expected) => expect(ours(text)).toBe(expected));
});
