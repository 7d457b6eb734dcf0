import classes from "./bottom-bar.module.css";
import { DoubtChips } from "./doubt-chips";
import { JobStrip } from "./job-strip";
import { ModelBanner } from "./model-banner";
import { OutboxBadge } from "./outbox-badge";

/** What the machine does and knows: the model, the jobs under way, and whether everything is saved. */
export function BottomBar({ onTrain }: { onTrain: () => void }) {
  return (
    <footer className={classes.bar}>
      <div className={classes.model}>
        <ModelBanner onTrain={onTrain} />
        <DoubtChips />
      </div>
      <JobStrip />
      <OutboxBadge />
    </footer>
  );
}
