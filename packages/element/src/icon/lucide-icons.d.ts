// The package has no types for its single modules; this is what each of them is.
declare module "lucide/dist/esm/icons/*.mjs" {
  const icon: (readonly [tag: string, attributes: Readonly<Record<string, string | number | undefined>>])[];
  export default icon;
}
