import type { LabelClass, ModelVersion } from "../../api/types";
import { formatCount, formatPercent } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import classes from "./models-page.module.css";

export interface PerClassTableProps {
  model: ModelVersion;
  classById: ReadonlyMap<number, LabelClass>;
}

export function PerClassTable({ model, classById }: PerClassTableProps) {
  const background = useMapBackground();
  return (
    <section className={classes.section}>
      <h2>Per class, on held-out labels</h2>
      {model.num_heldout > 0 && (
        <p>
          Measured without ever seeing these labels; what predicts on the map has then learned from them too.
        </p>
      )}
      <table className={`${classes.table} num`} data-testid="per-class">
        <thead>
          <tr>
            <th>Class</th>
            <th title="Of the images predicted so, the share that is so">Precision</th>
            <th title="Of the images that are so, the share predicted so">Recall</th>
            <th>Held-out labels</th>
            <th>Predicted</th>
          </tr>
        </thead>
        <tbody>
          {model.per_class.map((entry) => {
            const labelClass = classById.get(entry.class_id);
            return (
              <tr key={entry.class_id}>
                <td>
                  <i style={{ background: shownColour(labelClass?.colour ?? "#868e96", background) }} />
                  {labelClass?.name ?? `class ${entry.class_id}`}
                </td>
                <td>
                  <Meter share={entry.precision} />
                </td>
                <td>
                  <Meter share={entry.recall} />
                </td>
                <td>{formatCount(entry.support)}</td>
                <td>{formatCount(entry.num_predicted)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Meter({ share }: { share: number | null }) {
  if (share === null) return <span>–</span>;
  return (
    <span className={classes.meter}>
      <span>{formatPercent(share)}</span>
      <span>
        <span style={{ width: `${100 * share}%` }} />
      </span>
    </span>
  );
}
