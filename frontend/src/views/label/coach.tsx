import { Button, CloseButton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useStore } from "zustand";
import { whatBringsAModel } from "../../lib/training-policy";
import { currentStep, isSkipped, STEPS, type Step, skipSteps } from "../../state/onboarding";
import classes from "./coach.module.css";
import { KeyCap } from "./key-cap";
import { useProject } from "./project-context";

export interface CoachProps {
  onAddClass: () => void;
  onHelp: () => void;
}

/** Shows the next of the three first steps until the first label, unless somebody skips them. */
export function Coach({ onAddClass, onHelp }: CoachProps) {
  const { session, classes: active, may } = useProject();
  const [isGone, setIsGone] = useState(() => isSkipped(session.projectId, window.localStorage));
  const numImages = useStore(session.map, (state) => state.data?.numPresent ?? 0);
  const numLabelled = useStore(session.sync.labels, (state) => state.numLabelled);
  const isLoaded = useStore(session.sync.labels, (state) => state.isLoaded);
  const step = currentStep({ numImages, numClasses: active.length, numLabelled });
  if (isGone || !isLoaded || step === null || step === "import" || !may("label")) return null;
  const skip = () => {
    skipSteps(session.projectId, window.localStorage);
    setIsGone(true);
  };
  return (
    <section className={classes.coach} aria-label="First steps" data-testid="coach" data-step={step}>
      <div className={classes.head}>
        <span className="num">
          Step {STEPS.indexOf(step) + 1} of {STEPS.length}
        </span>
        <CloseButton size="sm" onClick={skip} aria-label="Skip the first steps" data-testid="coach-skip" />
      </div>
      <StepText step={step} onAddClass={onAddClass} onHelp={onHelp} />
    </section>
  );
}

function StepText({ step, onAddClass, onHelp }: CoachProps & { step: Step }): ReactNode {
  const { project, classes: active } = useProject();
  if (step === "classes") {
    return (
      <>
        <h2>Name your classes</h2>
        <p>
          Two at least{active.length === 1 ? `; ${active[0].name} is the first` : ""}. Each gets a colour and
          a key. They can be renamed, merged and put in order at any time.
        </p>
        <Button onClick={onAddClass} data-testid="coach-add-class">
          Add a class
        </Button>
      </>
    );
  }
  return (
    <>
      <h2>Draw around images that belong together</h2>
      <p>
        Then press a class key, such as <KeyCap hotkey={active[0]?.hotkey || "1"} />.{" "}
        {whatBringsAModel(project)}
      </p>
      <Button variant="default" onClick={onHelp}>
        All keys and gestures
      </Button>
    </>
  );
}
