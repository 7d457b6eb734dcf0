/** What became of a class and of its labels, in words. */
import type { LabelClass } from "../../api/types";
import { formatPlural } from "../../lib/format";

export function mergedWords(source: LabelClass, target: LabelClass, count: number) {
  return (
    <>
      <b>{source.name}</b> went into <b>{target.name}</b> with {formatPlural(count, "image")}.
    </>
  );
}

export function archivedWords(entry: LabelClass, numLabels: number) {
  const kept = `Its ${formatPlural(numLabels, "label")} ${numLabels === 1 ? "is" : "are"} kept and exported, but not trained on.`;
  return (
    <>
      <b>{entry.name}</b> is archived. {numLabels > 0 && kept}
    </>
  );
}
