import { useComputedColorScheme } from "@mantine/core";
import { confidenceRamp } from "../../lib/palette";
import classes from "./confidence-legend.module.css";
import { useView } from "./project-context";

/** What the colours mean while the map is coloured by confidence. */
export function ConfidenceLegend() {
  const colourBy = useView((view) => view.colourBy);
  const isDark = useComputedColorScheme("dark") === "dark";
  if (colourBy !== "confidence") return null;
  return (
    <div className={classes.legend} data-testid="confidence-legend">
      <span>doubtful</span>
      <span
        className={classes.ramp}
        style={{ background: `linear-gradient(90deg, ${confidenceRamp(isDark).join(", ")})` }}
      />
      <span>certain</span>
    </div>
  );
}
