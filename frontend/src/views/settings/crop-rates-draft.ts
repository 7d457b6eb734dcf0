/** The crop rates being edited: whole percents, so that what is shown is what adds up. */
import type { CropRates, CropRatesRequest } from "../../api/types";

export interface RateDraft {
  /** Stays while the row is edited. */
  key: number;
  /** Percent of the attention kept, 1..100; null: the whole image. */
  keepPercent: number | null;
  /** Percent of the images. */
  sharePercent: number;
}

export interface OverrideDraft {
  classId: number;
  keepPercent: number | null;
}

export interface RatesDraft {
  kind: CropRates["kind"];
  rates: readonly RateDraft[];
  overrides: readonly OverrideDraft[];
}

const percent = (share: number) => Math.round(10_000 * share) / 100;
const keepOf = (retention: number | null) => (retention === null ? null : percent(retention));

export function draftOf(saved: CropRates): RatesDraft {
  return {
    kind: saved.kind,
    rates: saved.rates.map((rate, key) => ({
      key,
      keepPercent: keepOf(rate.retention ?? null),
      sharePercent: percent(rate.share),
    })),
    overrides: (saved.overrides ?? []).map((entry) => ({
      classId: entry.class_id,
      keepPercent: keepOf(entry.retention ?? null),
    })),
  };
}

const shareOf = (value: number) => Math.round(100 * value) / 10_000;

export function requestOf({ kind, rates, overrides }: RatesDraft): CropRatesRequest {
  return {
    kind,
    rates: rates.map((rate) => ({
      retention: rate.keepPercent === null ? null : shareOf(rate.keepPercent),
      share: shareOf(rate.sharePercent),
    })),
    overrides: overrides.map((entry) => ({
      class_id: entry.classId,
      retention: entry.keepPercent === null ? null : shareOf(entry.keepPercent),
    })),
  };
}

/** Sum of the shares in percent. */
export function sumOf(rates: readonly RateDraft[]): number {
  return rates.reduce((sum, rate) => sum + Math.round(100 * rate.sharePercent), 0) / 100;
}

/** Why the draft cannot be saved; null when it can. */
export function faultOf({ rates }: RatesDraft): string | null {
  const wrong = rates.find((rate) => !(rate.sharePercent > 0 && rate.sharePercent <= 100));
  if (wrong) return `A share is ${wrong.sharePercent} %; it is above 0 and at most 100 %.`;
  const keeps = rates.map((rate) => rate.keepPercent);
  const bad = keeps.find((keep) => keep !== null && !(keep > 0 && keep <= 100));
  if (bad !== undefined) return `A crop keeps ${bad} %; it is above 0 and at most 100 %.`;
  if (new Set(keeps).size < keeps.length) return "Two rows keep the same; give it one share.";
  const sum = sumOf(rates);
  if (sum !== 100) return `The shares add up to ${sum} %; they must add up to 100 %.`;
  return null;
}

/** A new row with what is left of the shares and a rate that no other row has. */
export function withNewRate(rates: readonly RateDraft[]): readonly RateDraft[] {
  const used = new Set(rates.map((rate) => rate.keepPercent));
  const keepPercent = [null, 95, 90, 80, 70, 60, 50].find((keep) => !used.has(keep)) ?? 99;
  const left = Math.max(0, Math.round(100 * (100 - sumOf(rates))) / 100);
  const key = Math.max(-1, ...rates.map((rate) => rate.key)) + 1;
  return [...rates, { key, keepPercent, sharePercent: left }];
}

/** The shares, the last one changed so that they add up to 100 %; unchanged when it cannot. */
export function balanced(rates: readonly RateDraft[]): readonly RateDraft[] {
  const last = rates[rates.length - 1];
  const share = Math.round(100 * (100 - sumOf(rates) + last.sharePercent)) / 100;
  if (share <= 0 || share > 100) return rates;
  return [...rates.slice(0, -1), { ...last, sharePercent: share }];
}
