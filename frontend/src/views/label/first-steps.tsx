import { Button, Loader } from "@mantine/core";
import { IconLasso, IconPhotoPlus, IconTags } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { whatBringsAModel } from "../../lib/training-policy";
import classes from "./first-steps.module.css";
import { useProject } from "./project-context";

export interface FirstStepsProps {
  isImporting: boolean;
  onImport: () => void;
  onAddClass: () => void;
}

/** The three steps from nothing to a model, in an empty project. */
export function FirstSteps({ isImporting, onImport, onAddClass }: FirstStepsProps) {
  const { project, classes: active, may } = useProject();
  return (
    <section className={classes.steps} data-testid="first-steps">
      <h2 className={classes.title}>{isImporting ? "Your images are coming in" : "An empty map"}</h2>
      <ol className={classes.list}>
        <Step icon={<IconPhotoPlus size={18} />} title="Bring images" isDone={false}>
          {may("import")
            ? "Drop files, folders or a zip anywhere on this page."
            : "An admin of the project brings images; they appear here."}
          {isImporting && <Loader size="xs" mt={8} display="block" />}
          {may("import") && !isImporting && (
            <Button display="block" mt={10} size="xs" onClick={onImport} data-testid="import-button">
              Choose images
            </Button>
          )}
        </Step>
        <Step icon={<IconTags size={18} />} title="Name your classes" isDone={active.length > 1}>
          Two at least. Each gets a colour and a key.
          {may("editClasses") && active.length === 0 && (
            <Button display="block" mt={10} size="xs" variant="default" onClick={onAddClass}>
              Add a class
            </Button>
          )}
        </Step>
        <Step icon={<IconLasso size={18} />} title="Lasso and label" isDone={false}>
          Draw around images that belong together and press a class key. {whatBringsAModel(project)}
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  icon: ReactNode;
  title: string;
  isDone: boolean;
  children: ReactNode;
}

function Step({ icon, title, isDone, children }: StepProps) {
  return (
    <li className={classes.step} data-done={isDone}>
      <span className={classes.icon}>{icon}</span>
      <div>
        <h3 className={classes.name}>{title}</h3>
        <div className={classes.text}>{children}</div>
      </div>
    </li>
  );
}
