import type { Project } from "../../api/types";
import { may } from "../../lib/permissions";
import { AuditLog } from "../common/audit-log";
import classes from "./settings.module.css";

/** What admins did to this project's people and settings. */
export function HistorySettings({ project }: { project: Project }) {
  return (
    <>
      <div>
        <h2 className={classes.title}>Audit log</h2>
        <p className={classes.lead}>
          {may(project.role, "editProject")
            ? "What admins did to people and settings. Labels have their own record, under Activity."
            : "Only admins of the project see what was changed."}
        </p>
      </div>
      {may(project.role, "editProject") && <AuditLog projectId={project.id} />}
    </>
  );
}
