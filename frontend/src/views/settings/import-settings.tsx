import { Badge, Collapse, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/problem";
import { importsQuery } from "../../api/queries";
import type { Import, Project } from "../../api/types";
import { formatCount, formatDateTime, formatPlural } from "../../lib/format";
import { may } from "../../lib/permissions";
import { ImportResult } from "../import/import-result";
import { LabelFileForm } from "../import/label-file-form";
import { SyncButton } from "../import/sync-button";
import classes from "./settings.module.css";
import { UnreadableImages } from "./unreadable-images";

export function ImportSettings({ project }: { project: Project }) {
  const { data: imports, error } = useQuery(importsQuery(project.id));
  return (
    <>
      <div>
        <h2 className={classes.title}>Imports</h2>
        <p className={classes.lead}>
          Every file of every import, and how it ended: added, duplicate of another, or rejected with the
          reason.
        </p>
      </div>
      {error && <p role="alert">{messageOf(error)}</p>}
      {imports?.length === 0 && (
        <p className={classes.lead}>Nothing was imported yet. Drop images on the project's page.</p>
      )}
      {imports && imports.length > 0 && (
        <div className={classes.card} data-testid="imports">
          {imports.map((source) => (
            <ImportRow key={source.id} source={source} project={project} />
          ))}
        </div>
      )}
      <UnreadableImages project={project} />
      {may(project.role, "import") && (
        <div>
          <h2 className={classes.title}>Labels from a file</h2>
          <LabelFileForm projectId={project.id} />
        </div>
      )}
    </>
  );
}

function stateOf({ state, job_state }: Import): string {
  if (state === "open") return "not started";
  return job_state ?? "started";
}

function ImportRow({ source, project }: { source: Import; project: Project }) {
  const [isOpen, setIsOpen] = useState(false);
  const state = stateOf(source);
  return (
    <div>
      <UnstyledButton
        className={classes.row}
        w="100%"
        onClick={() => setIsOpen(!isOpen)}
        aria-expanded={isOpen}
      >
        <IconChevronRight size={14} style={{ transform: isOpen ? "rotate(90deg)" : undefined }} />
        <span className={classes.grow}>
          {source.name}
          <small className="num">
            {source.syncs_id !== null && "Synced again, "}
            {formatDateTime(source.created_at)}
          </small>
        </span>
        {state !== "succeeded" && <Badge color={state === "failed" ? "red" : "gray"}>{state}</Badge>}
        <span className="num">
          {formatPlural(source.num_files, "file")} · {formatCount(source.num_added)} added
          {source.num_duplicate > 0 && ` · ${formatCount(source.num_duplicate)} duplicate`}
          {source.num_rejected > 0 && ` · ${formatCount(source.num_rejected)} rejected`}
          {source.num_gone > 0 && ` · ${formatCount(source.num_gone)} gone`}
        </span>
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <div className={classes.padded}>
          {isOpen && <ImportResult projectId={project.id} importId={source.id} />}
          {isOpen && may(project.role, "import") && <SyncButton projectId={project.id} source={source} />}
        </div>
      </Collapse>
    </div>
  );
}
