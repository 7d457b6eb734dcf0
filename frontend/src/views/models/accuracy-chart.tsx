import type { ModelVersion } from "../../api/types";
import { formatInterval, formatPercent } from "../../lib/format";
import { modelName } from "../../lib/model-name";
import { chartRange, isCurve, type MeasuredModel, measuredModels } from "./accuracy-range";
import classes from "./models-page.module.css";

export interface AccuracyChartProps {
  models: readonly ModelVersion[];
  chosen: number;
  onChoose: (modelNumber: number) => void;
}

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 20;
const TOP = 12;
const BOTTOM = 24;

/** Held-out accuracy with its interval over the number of labels; nothing while all models have the same. */
export function AccuracyChart({ models, chosen, onChoose }: AccuracyChartProps) {
  const measured = measuredModels(models);
  if (!isCurve(measured)) return null;
  const { low, high, first, last } = chartRange(measured);
  const x = (labels: number) => LEFT + ((labels - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => TOP + ((high - share) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const place = (model: MeasuredModel) => `${x(model.numLabels)},${y(model.accuracy)}`;

  return (
    <section className={classes.section}>
      <h2>Accuracy over labels</h2>
      <svg
        className={`${classes.chart} num`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="Held-out accuracy of each model"
      >
        {[low, high].map((share) => (
          <g key={share}>
            <line className={classes.axis} x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} />
            <text x={LEFT - 8} y={y(share) + 4} textAnchor="end">
              {formatPercent(share, 0)}
            </text>
          </g>
        ))}
        <polyline className={classes.line} points={measured.map(place).join(" ")} />
        {measured.map((model) => (
          <g key={model.number}>
            <line
              className={classes.band}
              x1={x(model.numLabels)}
              x2={x(model.numLabels)}
              y1={y(model.low)}
              y2={y(model.high)}
            />
            {/* biome-ignore lint/a11y/noStaticElementInteractions: the list beside it is the accessible way */}
            <circle
              className={classes.point}
              cx={x(model.numLabels)}
              cy={y(model.accuracy)}
              r={model.number === chosen ? 6 : 4.5}
              onClick={() => onChoose(model.number)}
            >
              <title>{`${modelName({ number: model.number, is_provisional: model.isProvisional })}: ${formatPercent(model.accuracy)} (${formatInterval(model.low, model.high)})`}</title>
            </circle>
            <text x={x(model.numLabels)} y={HEIGHT - 6} textAnchor="middle">
              {model.numLabels}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
}
