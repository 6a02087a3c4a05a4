import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import { findIcon, type IconNode } from "./icons.ts";

type Shape = IconNode[number];

/** How an icon is drawn. */
export interface IconLook {
  /** 16 px in the place of 18. */
  readonly small?: boolean;
  /** Filled, not only outlined. */
  readonly fill?: boolean;
  /** Mirrored from right to left, for arrows. */
  readonly flip?: boolean;
  /** Further class names. */
  readonly also?: string;
}

/** An icon, hidden from assistive technology; nothing for an unknown name. */
export function icon(name: string, look: IconLook = {}): TemplateResult | typeof nothing {
  const node = findIcon(name);
  if (node === undefined) return nothing;
  const classes = ["i", look.small && "s", look.fill && "fill", look.flip && "flip", look.also];
  return html`<svg class=${classes.filter(Boolean).join(" ")} viewBox="0 0 24 24" aria-hidden="true">
    ${node.map(shape)}
  </svg>`;
}

function shape([tag, attributes]: Shape): SVGTemplateResult | typeof nothing {
  const at = (name: string) => attributes[name] ?? nothing;
  switch (tag) {
    case "path":
      return svg`<path d=${at("d")}></path>`;
    case "rect":
      return svg`<rect x=${at("x")} y=${at("y")} width=${at("width")} height=${at("height")} rx=${at("rx")} ry=${at("ry")}></rect>`;
    case "circle":
      return svg`<circle cx=${at("cx")} cy=${at("cy")} r=${at("r")}></circle>`;
    case "ellipse":
      return svg`<ellipse cx=${at("cx")} cy=${at("cy")} rx=${at("rx")} ry=${at("ry")}></ellipse>`;
    case "line":
      return svg`<line x1=${at("x1")} y1=${at("y1")} x2=${at("x2")} y2=${at("y2")}></line>`;
    case "polyline":
      return svg`<polyline points=${at("points")}></polyline>`;
    case "polygon":
      return svg`<polygon points=${at("points")}></polygon>`;
    default:
      return nothing;
  }
}
