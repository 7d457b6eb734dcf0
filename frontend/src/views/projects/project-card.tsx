import { Badge } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "wouter";
import { imageUrl } from "../../api/queries";
import type { Project } from "../../api/types";
import { formatAgo, formatCount, formatPercent, formatPlural } from "../../lib/format";
import { modelName } from "../../lib/model-name";
import classes from "./project-card.module.css";

const NUM_PREVIEWS = 6;

/** Some of the project's previews, spread evenly: more than the first import. */
export function spread(indexes: readonly number[], count = NUM_PREVIEWS): number[] {
  const shown = Math.min(count, indexes.length);
  return Array.from({ length: shown }, (_, at) => indexes[Math.floor((at * indexes.length) / shown)]);
}

export function ProjectCard({ project }: { project: Project }) {
  const numImages = project.num_images - project.num_removed;
  const share = numImages > 0 ? project.num_labelled / numImages : 0;
  return (
    <Link href={`/projects/${project.id}`} className={classes.card} data-testid="project-card">
      <div className={classes.previews} aria-hidden="true">
        {numImages === 0 && <span className={classes.noImages}>No images yet</span>}
        {spread(project.preview_indexes).map((index) => (
          <img key={index} src={imageUrl(project.id, index, "thumbnail")} alt="" loading="lazy" />
        ))}
      </div>
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 className={`${classes.name} truncate`}>{project.name}</h2>
          {project.role !== "admin" && <Badge color="gray">{project.role}</Badge>}
        </div>
        <div
          className={classes.progress}
          role="progressbar"
          aria-label={`Labelled in ${project.name}`}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ width: `${share * 100}%` }} />
        </div>
        <div className={`${classes.facts} num`}>
          <span>
            <b>{formatCount(project.num_labelled)}</b> of {formatPlural(numImages, "image")} labelled
          </span>
          <span>{formatPlural(project.num_classes, "class", "classes")}</span>
        </div>
        <div className={`${classes.foot} num`}>
          <ModelFact project={project} />
          <span>{formatAgo(project.last_activity_at, new Date())}</span>
        </div>
      </div>
    </Link>
  );
}

function ModelFact({ project }: { project: Project }) {
  if (project.weights_message) {
    return (
      <span className={classes.warning}>
        <IconAlertTriangle size={13} /> Weights missing
      </span>
    );
  }
  const { model } = project;
  if (!model) return <span>No model yet</span>;
  const accuracy = model.accuracy == null ? "" : ` · ${formatPercent(model.accuracy)}`;
  return (
    <span>
      {modelName(model)}
      {accuracy}
    </span>
  );
}
