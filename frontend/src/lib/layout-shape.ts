/** What shaped a layout of the map, from the parameters that the worker keeps with it. */

/** "by looks"; with the project's options "by looks and predictions", "by looks, with labels". */
export function layoutShape(parameters: Readonly<Record<string, unknown>>): string {
  const input = (parameters.input ?? {}) as Readonly<Record<string, unknown>>;
  const by = input.embedding === "classes" ? "by looks and predictions" : "by looks";
  return input.uses_labels === true ? `${by}, with labels` : by;
}
