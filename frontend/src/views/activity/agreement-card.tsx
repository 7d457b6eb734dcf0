import { Link } from "wouter";
import type { Agreement } from "../../api/types";
import { alphaWords } from "../../lib/activity";
import { formatCount, formatPercent } from "../../lib/format";
import classes from "./activity-page.module.css";

export interface AgreementCardProps {
  projectId: number;
  agreement: Agreement;
}

/** How far people agree on the images that two or more of them labelled. */
export function AgreementCard({ projectId, agreement }: AgreementCardProps) {
  const { num_images, num_unanimous, alpha, pairs } = agreement;
  const numSplit = num_images - num_unanimous;
  return (
    <section className={classes.section} data-testid="agreement">
      <h2>Agreement</h2>
      {num_images === 0 ? (
        <p>No image has labels of two people yet. Agreement appears when people label the same images.</p>
      ) : (
        <>
          <p className="num">
            {formatCount(num_unanimous)} of {formatCount(num_images)} images that two or more people labelled
            have one class ({formatPercent(num_unanimous / num_images)}).
            {numSplit > 0 && (
              <>
                {" "}
                <Link href={`/projects/${projectId}?agreement=disagree`} className={classes.link}>
                  Show the {formatCount(numSplit)} others on the map
                </Link>
              </>
            )}
          </p>
          <p className={`${classes.alpha} num`} title="1 is always the same, 0 is as by chance">
            <b>{alpha === null ? "–" : alpha.toFixed(2)}</b> Krippendorff's alpha · {alphaWords(alpha)}
          </p>
          <table className={`${classes.table} num`}>
            <thead>
              <tr>
                <th>Pair</th>
                <th>Images of both</th>
                <th>Same class</th>
                <th title="Agreement beyond chance">Cohen's kappa</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair) => (
                <tr key={`${pair.first} ${pair.second}`}>
                  <td>
                    {pair.first} and {pair.second}
                  </td>
                  <td>{formatCount(pair.num_images)}</td>
                  <td>{formatPercent(pair.num_same / pair.num_images)}</td>
                  <td>{pair.kappa === null ? "–" : pair.kappa.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
