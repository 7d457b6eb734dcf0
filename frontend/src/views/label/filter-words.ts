/** The filter in words, for its chips. */
import type { Filter, FilterKey } from "../../lib/filter";

export interface FilterNames {
  className: (classId: number) => string;
  annotator: (id: number) => string;
  importName: (id: number) => string;
}

const MAX_NAMES = 2;

function listed(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(", ");
  return `${names.slice(0, MAX_NAMES).join(", ")} +${names.length - MAX_NAMES}`;
}

function span(low: number | string | null, high: number | string | null, unit = ""): string {
  if (low !== null && low !== "" && high !== null && high !== "") return `${low}–${high}${unit}`;
  if (low !== null && low !== "") return `from ${low}${unit}`;
  return `up to ${high}${unit}`;
}

const AGREEMENT = {
  any: "",
  one: "labelled by one",
  agree: "annotators agree",
  disagree: "annotators disagree",
};
const MODEL = { any: "", same: "model agrees", other: "model disagrees" };

/** What one part of the filter asks for. */
export function filterWords(filter: Filter, key: FilterKey, names: FilterNames): string {
  const classNames = (ids: readonly number[], none: string) =>
    listed(ids.map((id) => (id === 0 ? none : names.className(id))));
  switch (key) {
    case "labels":
      return `Label: ${classNames(filter.labels, "none")}`;
    case "predictions":
      return `Predicted: ${classNames(filter.predictions, "nothing")}`;
    case "confidence":
      return `Confidence: ${span(filter.confidence[0], filter.confidence[1], " %")}`;
    case "annotators":
      return `By ${listed(filter.annotators.map(names.annotator))}`;
    case "agreement":
      return AGREEMENT[filter.agreement];
    case "modelSays":
      return MODEL[filter.modelSays];
    case "text":
      return `Path: ${filter.text.trim()}`;
    case "sidePx":
      return `Shorter side: ${span(filter.sidePx[0], filter.sidePx[1], " px")}`;
    case "added":
      return `Added: ${span(filter.added[0], filter.added[1])}`;
    case "imports":
      return `Import: ${listed(filter.imports.map(names.importName))}`;
  }
}
