/** The crop slider: positions 0..50 are retentions 0.50..0.99 in steps of 0.01, then the whole image. */
import { MIN_RETENTION, WHOLE_IMAGE } from "../state/view";
import { formatPercent } from "./format";

export const SLIDER_MAX = 50;

export function retentionOfPosition(position: number): number {
  if (position >= SLIDER_MAX) return WHOLE_IMAGE;
  return Math.round(100 * MIN_RETENTION + position) / 100;
}

export function positionOfRetention(retention: number): number {
  return Math.round(100 * (retention - MIN_RETENTION));
}

export function retentionLabel(retention: number): string {
  return retention === WHOLE_IMAGE ? "whole" : formatPercent(retention, 0);
}
