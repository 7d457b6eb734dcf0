import { imageUrl } from "../../api/queries";
import type { ClassUnit } from "../../api/types";
import classes from "./class-views.module.css";

export interface ClassUnitsProps {
  projectId: number;
  name: string;
  units: readonly ClassUnit[];
}

/** The channels that weigh most for a class, each with the images that excite it most. */
export function ClassUnits({ projectId, name, units }: ClassUnitsProps) {
  if (units.length === 0) {
    return <p>This model was made before its units were kept; the next one brings them.</p>;
  }
  const strongest = units[0].weight;
  return (
    <ol className={classes.units} data-testid="class-units">
      {units.map((unit) => (
        <li key={unit.channel}>
          <div className={`${classes.unit} num`} title={`Its weight for ${name}: ${unit.weight.toFixed(3)}`}>
            <b>Channel {unit.channel}</b>
            <span className={classes.weight}>
              <span style={{ width: `${(100 * unit.weight) / strongest}%` }} />
            </span>
          </div>
          <ul>
            {unit.images.map(({ index, activation }) => (
              <li key={index}>
                <img
                  src={imageUrl(projectId, index, "thumbnail")}
                  alt={`Number ${index}`}
                  title={`Image ${index}, mean activation ${activation.toFixed(2)}`}
                  loading="lazy"
                />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
