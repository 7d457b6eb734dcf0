import type { LabelClass, ModelVersion } from "../../api/types";
import classes from "./models-page.module.css";

export interface ConfusionMatrixProps {
  model: ModelVersion;
  classById: ReadonlyMap<number, LabelClass>;
}

/** Rows: the label. Columns: the prediction. Right ones in the accent, wrong ones in red, stronger with their share. */
export function ConfusionMatrix({ model, classById }: ConfusionMatrixProps) {
  const names = model.class_ids.map((classId) => classById.get(classId)?.name ?? `class ${classId}`);
  if (model.num_heldout === 0) return null;
  return (
    <section className={classes.section}>
      <h2>Confusions</h2>
      <p>Rows are labels, columns predictions, both on held-out images.</p>
      <div className={classes.matrixScroll}>
        <table className={`${classes.matrix} num`} data-testid="confusion">
          <thead>
            <tr>
              <td aria-label="Label, by prediction" style={{ background: "none" }} />
              {names.map((name) => (
                <th key={name} scope="col" title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {model.confusion.map((row, at) => (
              <tr key={names[at]}>
                <th scope="row" title={names[at]}>
                  {names[at]}
                </th>
                {row.map((count, column) => (
                  <td
                    key={names[column]}
                    title={`${count} labelled ${names[at]}, predicted ${names[column]}`}
                    style={{ background: cellColour(count, row, at === column) }}
                  >
                    {count || ""}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const FULL_PERCENT = 62;
const FAINTEST_PERCENT = 14;

function cellColour(count: number, row: readonly number[], isRight: boolean): string | undefined {
  if (count === 0) return undefined;
  const share = count / row.reduce((sum, value) => sum + value, 0);
  const percent = FAINTEST_PERCENT + share * (FULL_PERCENT - FAINTEST_PERCENT);
  return `color-mix(in srgb, var(${isRight ? "--app-accent" : "--app-bad"}) ${percent}%, transparent)`;
}
