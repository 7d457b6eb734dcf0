import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classViewQuery, projectJobsQuery } from "../../api/queries";
import type { LabelClass, ModelVersion, Project } from "../../api/types";
import { shownColour } from "../../lib/palette";
import { may } from "../../lib/permissions";
import { useMapBackground } from "../common/map-background";
import { ClassPicture } from "./class-picture";
import { ClassUnits } from "./class-units";
import classes from "./class-views.module.css";
import pageClasses from "./models-page.module.css";

export interface ClassViewsProps {
  project: Project;
  model: ModelVersion;
  classById: ReadonlyMap<number, LabelClass>;
}

const POLL_MS = 1_000;

/** What a class is to the model: a picture drawn from the network, and the units that speak for it. */
export function ClassViews({ project, model, classById }: ClassViewsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [askedJobId, setAskedJobId] = useState<number | null>(null);
  const background = useMapBackground();
  const classId = chosen !== null && model.class_ids.includes(chosen) ? chosen : model.class_ids[0];
  const isWaiting = (data: { is_asked_for: boolean; picture_url: string | null } | undefined) =>
    data?.is_asked_for === true && data.picture_url === null;
  const view = useQuery({
    ...classViewQuery(project.id, model.number, classId),
    refetchInterval: (query) => (isWaiting(query.state.data) ? POLL_MS : false),
  });
  const jobs = useQuery({
    ...projectJobsQuery(project.id),
    enabled: isWaiting(view.data) || askedJobId !== null,
    refetchInterval: isWaiting(view.data) ? POLL_MS : false,
  });
  const nameOf = (id: number) => classById.get(id)?.name ?? `class ${id}`;

  return (
    <section className={pageClasses.section} data-testid="class-views">
      <h2>What a class is to this model</h2>
      <p>A picture drawn from the network alone, and the channels that speak for the class most.</p>
      <fieldset className={classes.chips} aria-label="Class">
        {model.class_ids.map((id) => (
          <UnstyledButton
            key={id}
            className={classes.chip}
            aria-pressed={id === classId}
            onClick={() => setChosen(id)}
            data-testid={`class-view-${id}`}
          >
            <i style={{ background: shownColour(classById.get(id)?.colour ?? "#868e96", background) }} />
            {nameOf(id)}
          </UnstyledButton>
        ))}
      </fieldset>
      {view.error && <p role="alert">The class could not be read: {view.error.message}</p>}
      {view.data && (
        <div className={classes.columns}>
          <ClassPicture
            projectId={project.id}
            modelNumber={model.number}
            name={nameOf(classId)}
            view={view.data}
            jobs={jobs.data ?? []}
            askedJobId={askedJobId}
            onAsked={setAskedJobId}
            mayAsk={may(project.role, "train")}
          />
          <ClassUnits projectId={project.id} name={nameOf(classId)} units={view.data.units} />
        </div>
      )}
    </section>
  );
}
