/** What the Confirm screen says of a page and of a promise. */
import type { ClassSuggestions } from "../../api/types";
import { formatCount, formatPercent, formatPlural } from "../../lib/format";

/** Images of a page that still have no label, in its order. */
export function waitingOf(indexes: readonly number[], labels: Int32Array): number[] {
  return indexes.filter((index) => !labels[index]);
}

/** "99.8–93.1 % sure" of images ranked by confidence; empty for none. */
export function confidenceRange(confidences: readonly number[]): string {
  if (confidences.length === 0) return "";
  const first = (100 * confidences[0]).toFixed(1);
  const last = (100 * confidences[confidences.length - 1]).toFixed(1);
  return first === last ? `${first} % sure` : `${first}–${last} % sure`;
}

export interface RestPromise {
  canLabel: boolean;
  title: string;
  detail: string;
}

/** Share of labels that is set aside for measuring. */
const HELDOUT_SHARE = 0.2;

/** What "label the rest" can promise for a class at a precision. */
export function promiseOf(row: ClassSuggestions, precision: number): RestPromise {
  const target = formatPercent(precision, precision >= 0.99 ? 1 : 0);
  const { num_heldout, num_needed, num_right, num_accepted, num_above, bound, confidence } = row;
  if (confidence === null || confidence === undefined) {
    if (num_heldout < num_needed) {
      const missing = Math.ceil((num_needed - num_heldout) / HELDOUT_SHARE);
      return {
        canLabel: false,
        title: "Too few held-out labels",
        detail:
          `${formatPlural(num_heldout, "held-out label")} ${num_heldout === 1 ? "is" : "are"} predicted so; ` +
          `${target} needs at least ${formatCount(num_needed)}. About ${formatCount(missing)} more labels.`,
      };
    }
    return {
      canLabel: false,
      title: "Not right often enough",
      detail:
        `${formatCount(num_right)} of the ${formatCount(num_accepted)} surest held-out predictions are right: ` +
        `at least ${formatPercent(bound ?? 0)}, not ${target}.`,
    };
  }
  const proof =
    `${formatCount(num_right)} of ${formatPlural(num_accepted, "held-out prediction")} this sure are right: ` +
    `at least ${formatPercent(bound ?? 0)} precision, with 95 % confidence.`;
  if (num_above === 0) return { canLabel: false, title: "Nothing left above the threshold", detail: proof };
  return {
    canLabel: true,
    title: `${formatPlural(num_above, "image")} at ${formatPercent(confidence)} or surer`,
    detail: proof,
  };
}
