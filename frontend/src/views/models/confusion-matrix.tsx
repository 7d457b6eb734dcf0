import { IconArrowRight } from "@tabler/icons-react";
import type { LabelClass, ModelVersion } from "../../api/types";
import { largestConfusions } from "./largest-confusions";
import classes from "./models-page.module.css";

/** With more classes the names of columns stand upright, and the largest confusions are listed. */
const MANY_CLASSES = 12;
const MAX_LISTED = 12;

export interface ConfusionMatrixProps {
  model: ModelVersion;
  classById: ReadonlyMap<number, LabelClass>;
}

/** Rows: the label. Columns: the prediction. Right ones in the accent, wrong ones in red, stronger with their share. */
export function ConfusionMatrix({ model, classById }: ConfusionMatrixProps) {
  const names = model.class_ids.map((classId) => classById.get(classId)?.name ?? `class ${classId}`);
  if (model.num_heldout === 0) return null;
  const isMany = names.length > MANY_CLASSES;
  return (
    <section className={classes.section}>
      <h2>Confusions</h2>
      <p>Rows are labels, columns predictions, both on held-out images.</p>
      {isMany && (
        <ul className={classes.confusions} aria-label="Largest confusions" data-testid="largest-confusions">
          {largestConfusions(model.confusion, { limit: MAX_LISTED }).map((found) => (
            <li key={`${found.label}-${found.predicted}`}>
              <span className="truncate">{names[found.label]}</span>
              <IconArrowRight size={12} aria-label="predicted" />
              <span className="truncate">{names[found.predicted]}</span>
              <small className="num">
                {found.count} of {found.numLabels}
              </small>
            </li>
          ))}
        </ul>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.matrixScroll} tabIndex={0} aria-label="Confusion matrix">
        <table className={`${classes.matrix} num`} data-many={isMany} data-testid="confusion">
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
      </section>
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
