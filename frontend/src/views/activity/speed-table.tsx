import { Tooltip } from "@mantine/core";
import type { AnnotatorSpeed } from "../../api/types";
import { dayBars, formatDuration } from "../../lib/activity";
import { formatCount, formatPlural } from "../../lib/format";
import { CLASS_COLOURS, shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import classes from "./activity-page.module.css";

const NUM_DAYS = 14;

/** Labels per second for everybody, and labels by day. */
export function SpeedTable({ annotators }: { annotators: readonly AnnotatorSpeed[] }) {
  const background = useMapBackground();
  const colourOf = (at: number) => shownColour(CLASS_COLOURS[at % CLASS_COLOURS.length], background);
  const bars = dayBars(annotators, NUM_DAYS);
  const highest = Math.max(1, ...bars.map((bar) => bar.total));
  return (
    <section className={classes.section}>
      <h2>Labels per second</h2>
      <p>Labels given by hand over time at work; pauses of two minutes and more are left out.</p>
      {bars.length > 0 && (
        <div className={classes.days} role="img" aria-label={`Labels by day, the last ${NUM_DAYS} days`}>
          {bars.map((bar) => (
            <Tooltip key={bar.day} label={`${bar.day}: ${formatPlural(bar.total, "label")}`}>
              <span className={classes.day}>
                {bar.parts.map((part, at) => (
                  <span
                    key={annotators[at].annotator}
                    style={{ height: `${(100 * part) / highest}%`, background: colourOf(at) }}
                  />
                ))}
              </span>
            </Tooltip>
          ))}
        </div>
      )}
      <table className={`${classes.table} num`} data-testid="speed">
        <thead>
          <tr>
            <th>Annotator</th>
            <th>Labels</th>
            <th>At work</th>
            <th>Per second</th>
            <th>Taken back</th>
          </tr>
        </thead>
        <tbody>
          {annotators.map((row, at) => (
            <tr key={row.annotator} data-testid={`speed-${row.annotator}`}>
              <td>
                <i style={{ background: colourOf(at) }} />
                {row.annotator}
              </td>
              <td>{formatCount(row.num_given)}</td>
              <td>{formatDuration(row.active_s)}</td>
              <td>
                <b>{row.labels_per_s === null ? "–" : row.labels_per_s.toFixed(1)}</b>
              </td>
              <td>{formatCount(row.num_undone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
