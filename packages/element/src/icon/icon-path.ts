type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One icon: the shapes of a 24-unit grid, as Lucide publishes them. */
export type IconNode = readonly (readonly [tag: string, attributes: Attributes])[];

function shapePath([tag, attributes]: IconNode[number]): string {
  const at = (name: string) => Number(attributes[name] ?? 0);
  switch (tag) {
    case "path":
      // A path begins where it says, whatever was drawn before it; what follows the first point stays relative.
      return String(attributes["d"] ?? "")
        .replace(/^m ?(-?\d*\.?\d+)(?!\d)[ ,]*(-?\d*\.?\d+)(?!\d)[ ,]*(?=[-\d.])/, "M$1 $2l")
        .replace(/^m/, "M");
    case "rect": {
      const [width, height] = [at("width"), at("height")];
      const r = Number(attributes["rx"] ?? attributes["ry"] ?? 0);
      const [across, down] = [width - 2 * r, height - 2 * r];
      const arc = (x: number, y: number) => (r === 0 ? "" : `a${r} ${r} 0 0 1 ${x} ${y}`);
      return `M${at("x") + r} ${at("y")}h${across}${arc(r, r)}v${down}${arc(-r, r)}h${-across}${arc(-r, -r)}v${-down}${arc(r, -r)}z`;
    }
    case "circle":
    case "ellipse": {
      const [rx, ry] = tag === "circle" ? [at("r"), at("r")] : [at("rx"), at("ry")];
      return `M${at("cx") - rx} ${at("cy")}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0`;
    }
    case "line":
      return `M${at("x1")} ${at("y1")}L${at("x2")} ${at("y2")}`;
    case "polyline":
    case "polygon":
      return `M${attributes["points"] ?? ""}${tag === "polygon" ? "z" : ""}`;
    default:
      return "";
  }
}

/** All shapes of an icon as the data of one `<path>`; empty for none that is known. */
export function iconPath(node: IconNode): string {
  return node.map(shapePath).join("");
}
