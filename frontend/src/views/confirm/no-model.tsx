import { Button } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { Link } from "wouter";
import { whatBringsAModel } from "../../lib/training-policy";
import { StateCard } from "../common/states";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";

/** There is nothing to confirm before a model; what to label meanwhile is at hand. */
export function NoModel() {
  const { project } = useProject();
  return (
    <div className={classes.empty}>
      <StateCard
        icon={<IconSparkles size={22} />}
        title="No predictions yet"
        detail={`Predictions come with the first model. ${whatBringsAModel(project)} Until then, “Next to label” shows the images that a model would learn most from.`}
        actions={
          <>
            <Button component={Link} href={`/projects/${project.id}/confirm/next`} variant="default">
              Next to label
            </Button>
            <Button component={Link} href={`/projects/${project.id}`} variant="subtle" color="gray">
              Back to the map
            </Button>
          </>
        }
      />
    </div>
  );
}
