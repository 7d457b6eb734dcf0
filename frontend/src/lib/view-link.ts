/**
 * A view in the address: the map's look and the filter as short readable parameters, so that a link opens the same view.
 * What stands at its default is left out; what is not valid is passed over.
 */
import { type Agreement, type Filter, type ModelSays, NO_FILTER, setKeys } from "./filter";
import { readSight, type Sight, writeSight } from "./sight";

/** The part of a person's view that a link carries. */
export interface LinkedLook {
  layout: string;
  colourBy: string;
  /** The class whose probability colours the map. */
  colourClassId: number | null;
  display: string;
  /** Retention of that layout. */
  retention: number;
}

export interface LinkedView {
  look: Partial<LinkedLook>;
  filter: Filter;
  hidesRest: boolean;
  /** Where the map looks; null: at all images. */
  sight: Sight | null;
}

const AGREEMENTS: readonly Agreement[] = ["one", "agree", "disagree"];
const SAYS: readonly ModelSays[] = ["same", "other"];
const RANGE = "..";

export function writeView({ look, filter, hidesRest, sight }: LinkedView, defaults: LinkedLook): string {
  const parameters = new URLSearchParams();
  const put = (name: string, value: string) => parameters.set(name, value);
  if (look.layout && look.layout !== defaults.layout) put("map", look.layout);
  if (look.colourBy && look.colourBy !== defaults.colourBy) put("colour", look.colourBy);
  if (look.colourBy === "probability" && look.colourClassId) put("of", String(look.colourClassId));
  if (look.display && look.display !== defaults.display) put("show", look.display);
  if (look.retention !== undefined && look.retention !== defaults.retention)
    put("crop", String(look.retention));
  putFilter(put, filter);
  if (hidesRest) put("rest", "hidden");
  if (sight) put("at", writeSight(sight));
  return parameters.toString().replaceAll("%2C", ",");
}

function putFilter(put: (name: string, value: string) => void, filter: Filter): void {
  const asked = new Set(setKeys(filter));
  if (asked.has("labels")) put("label", filter.labels.join(","));
  if (asked.has("predictions")) put("predicted", filter.predictions.join(","));
  if (asked.has("confidence")) put("confidence", filter.confidence.join(RANGE));
  if (asked.has("annotators")) put("by", filter.annotators.join(","));
  if (asked.has("agreement")) put("agreement", filter.agreement);
  if (asked.has("modelSays")) put("model", filter.modelSays);
  if (asked.has("text")) put("path", filter.text.trim());
  if (asked.has("sidePx")) put("px", filter.sidePx.map((bound) => bound ?? "").join(RANGE));
  if (asked.has("added")) put("added", filter.added.join(RANGE));
  if (asked.has("imports")) put("import", filter.imports.join(","));
}

export function readView(search: string): LinkedView {
  const parameters = new URLSearchParams(search);
  const get = (name: string) => parameters.get(name) ?? "";
  const look: Partial<LinkedLook> = {};
  if (get("map")) look.layout = get("map");
  if (get("colour")) look.colourBy = get("colour");
  const [colourClassId] = idsOf(get("of"));
  if (colourClassId) look.colourClassId = colourClassId;
  if (get("show")) look.display = get("show");
  const retention = numberOf(get("crop"));
  if (retention !== null) look.retention = retention;
  const [low, high] = get("confidence").split(RANGE).map(numberOf);
  const [smallest, largest] = get("px").split(RANGE).map(numberOf);
  const [from, to] = get("added").split(RANGE).map(dayOf);
  return {
    look,
    hidesRest: get("rest") === "hidden",
    sight: readSight(get("at")),
    filter: {
      labels: idsOf(get("label")),
      predictions: idsOf(get("predicted")),
      confidence: [percentOf(low, 0), percentOf(high, 100)],
      annotators: idsOf(get("by")),
      agreement: AGREEMENTS.find((value) => value === get("agreement")) ?? NO_FILTER.agreement,
      modelSays: SAYS.find((value) => value === get("model")) ?? NO_FILTER.modelSays,
      text: get("path"),
      sidePx: [smallest ?? null, largest ?? null],
      added: [from ?? "", to ?? ""],
      imports: idsOf(get("import")),
    },
  };
}

function idsOf(text: string): number[] {
  return text
    .split(",")
    .filter((part) => /^\d{1,15}$/.test(part))
    .map(Number);
}

function numberOf(text: string): number | null {
  return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

function percentOf(value: number | null | undefined, fallback: number): number {
  return value == null ? fallback : Math.min(100, value);
}

function dayOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
}
