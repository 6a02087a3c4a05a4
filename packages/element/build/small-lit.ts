import type { Plugin } from "vite";

/** What to leave out, and what stands there instead; each as the file has it. */
type Cut = readonly [part: string, rest: string];

/**
 * Hooks for browsers without what Lit needs and for what is rendered elsewhere, its list of versions in the page, words of
 * errors that its types rule out; directives that work on later; and in templates: MathML, comments, and what is set into
 * the text of `<textarea>`, `<style>` and their like. `small-templates.ts` refuses a template that needs them.
 */
const CUTS: Readonly<Record<string, readonly Cut[]>> = {
  "/lit-html/lit-html.js": [
    [`,B=t.litHtmlPolyfillSupport;B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");const D=`, ",D="],
    ["{M:h,P:o,A:n,C:1,L:N,R,D:d,V:M,I:k,H,N:L,U:z,B:I,F:Z}", "{I:k}"],
    [`Error("invalid template strings array")`, "Error()"],
    [`:3===i?"<math>":""`, `:""`],
    [`:3===i?"</math>":""`, `:""`],
    ["2===i||3===i", "2===i"],
    [`"!--"===u[1]?c=_:`, ""],
    ["c===_||c===m", "c===m"],
    ["_=/-->/g,", ""],
    [`(y.test(u[2])&&(n=RegExp("</"+u[2],"g")),c=p)`, "c=p"],
    ["(c=n??v,d=-1)", "(c=v,d=-1)"],
    ["(c=p,n=void 0)", "c=p"],
    ["y=/^(?:script|style|textarea|title)$/i,", ""],
    [
      `if(y.test(r.tagName)){const t=r.textContent.split(o),i=t.length-1;if(i>0){r.textContent=s?s.emptyScript:"";for(let s=0;s<i;s++)r.append(t[s],c()),P.nextNode(),d.push({type:2,index:++l});r.append(t[i],c())}}`,
      "",
    ],
    [
      "if(8===r.nodeType)if(r.data===n)d.push({type:2,index:l});else{let t=-1;for(;-1!==(t=r.data.indexOf(o,t+1));)d.push({type:7,index:l}),t+=o.length-1}",
      "r.data===n&&d.push({type:2,index:l});",
    ],
    [
      `"number"==typeof s?this._$AC(t):(void 0===s.el&&(s.el=S.createElement(V(s.h,s.h[0]),this.options)),s)`,
      "this._$AC(t)",
    ],
    [",_$litType$:s}=t", "}=t"],
    ["(t?.creationScope??l)", "l"],
    ["get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(", "u("],
    ["get _$AU(){return this._$AM?._$AU??this._$Cv}", ""],
    [",this._$Cv=e?.isConnected??!0", ""],
    [
      "get parentNode(){let t=this._$AA.parentNode;const i=this._$AM;return void 0!==i&&11===t?.nodeType&&(t=i.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}",
      "",
    ],
    ["for(this._$AP?.(!1,!0,s);t!==", "for(;t!=="],
    ["setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}", ""],
    ["get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}", ""],
    ["get _$AU(){return this._$AM._$AU}_$AI(t){M(this,t)}", "_$AI(t){M(this,t)}"],
    ["h?._$AO?.(!1),", ""],
  ],
  "/lit-html/directive-helpers.js": [
    ["if(c){let t;e._$AQ?.(o),e._$AM=o,void 0!==e._$AP&&(t=o._$AU)!==n._$AU&&e._$AP(t)}", "c&&(e._$AM=o);"],
  ],
  "/lit-html/directive.js": [["get _$AU(){return this._$AM._$AU}", ""]],
  "/lit-html/directives/repeat.js": [
    [
      `constructor(e){if(super(e),e.type!==r.CHILD)throw Error("repeat() can only be used in text expressions")}`,
      "",
    ],
  ],
};

/** Leaves out of Lit what nobody meets here. */
export function smallLit(): Plugin {
  return {
    name: "small-lit",
    transform(code, id) {
      const cuts = Object.entries(CUTS).find(([path]) => id.endsWith(path))?.[1];
      if (cuts === undefined) return null;
      let result = code;
      for (const [part, rest] of cuts) {
        if (result.split(part).length !== 2)
          throw new Error(`Lit is written otherwise now: ${part} in ${id}`);
        result = result.replace(part, () => rest);
      }
      return { code: result, map: null };
    },
  };
}
