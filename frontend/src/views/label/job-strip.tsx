import { ActionIcon, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { useStore } from "zustand";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { Job } from "../../api/types";
import { formatCount, formatPercent, formatTimeLeft } from "../../lib/format";
import {
  applyJob,
  dismissJob,
  isActive,
  jobNumbers,
  jobRate,
  jobShare,
  jobTitle,
  stageTitle,
  stripOf,
} from "../../state/jobs";
import classes from "./job-strip.module.css";
import { useProject } from "./project-context";
import { UploadChip } from "./upload-chip";

/** The jobs under way with stage and progress, and those that just ended. */
export function JobStrip() {
  const { session } = useProject();
  const jobs = useStore(session.jobs, (state) => state.jobs);
  const { shown, numQueued } = stripOf(jobs);
  return (
    <div className={classes.room}>
      <div className={classes.strip} data-testid="job-strip" aria-live="polite">
        <UploadChip />
        {shown.map((job) => (
          <JobChip key={job.id} job={job} />
        ))}
        {numQueued > 0 && <span className={`${classes.more} num`}>{formatCount(numQueued)} waiting</span>}
      </div>
    </div>
  );
}

function JobChip({ job }: { job: Job }) {
  const { session, may } = useProject();
  const cancel = async () => {
    try {
      const params = { path: { project_id: session.projectId, job_id: job.id } };
      applyJob(
        session.jobs,
        await unwrap(api.POST("/api/v1/projects/{project_id}/jobs/{job_id}/cancel", { params })),
      );
    } catch (error) {
      notifications.show({ message: `Not cancelled: ${messageOf(error)}`, color: "yellow" });
    }
  };
  const isRunning = isActive(job);
  return (
    <div
      className={classes.job}
      data-state={job.state}
      data-active={isRunning}
      data-testid={`job-${job.kind}`}
      data-job-state={job.state}
    >
      <Tooltip label={fullText(job)} disabled={fullText(job) === ""} multiline maw={420}>
        <div className={classes.about}>
          {job.state === "succeeded" && <IconCheck size={14} className={classes.good} />}
          {job.state === "failed" && <IconAlertTriangle size={14} className={classes.bad} />}
          <b>{jobTitle(job)}</b>
          <JobText job={job} />
        </div>
      </Tooltip>
      {isRunning && job.cancel_requested_at === null && may("cancelJob") && (
        <Tooltip label={`Cancel ${jobTitle(job).toLowerCase()}`}>
          <ActionIcon
            size="xs"
            onClick={() => void cancel()}
            aria-label={`Cancel ${jobTitle(job).toLowerCase()}`}
          >
            <IconX size={12} />
          </ActionIcon>
        </Tooltip>
      )}
      {!isRunning && (
        <ActionIcon size="xs" onClick={() => dismissJob(session.jobs, job.id)} aria-label="Dismiss">
          <IconX size={12} />
        </ActionIcon>
      )}
    </div>
  );
}

/** "Scoring · 31 / 200 · 47 % · 31.2 a second · 2 min left", as far as it is known; of a job that is over, its end. */
function fullText(job: Job): string {
  if (job.state === "failed") return job.error_message;
  if (!isActive(job)) return job.summary;
  const parts = [stageText(job)];
  const share = jobShare(job);
  if (share !== null) {
    parts.push(jobNumbers(job), formatPercent(share, 0));
    if (job.rate_per_s != null) parts.push(jobRate(job, job.rate_per_s));
    if (job.seconds_left != null) parts.push(formatTimeLeft(job.seconds_left));
  }
  return parts.filter(Boolean).join(" · ");
}

/** The stage, unless it says no more than the job's own name. */
function stageText(job: Job): string {
  if (job.cancel_requested_at !== null) return "being cancelled";
  if (job.state === "queued") return "waiting";
  const stage = stageTitle(job.stage);
  return stage === jobTitle(job) ? "" : stage;
}

function JobText({ job }: { job: Job }) {
  if (job.state === "failed") {
    return <span className={`${classes.text} ${classes.bad} truncate`}>{job.error_message || "failed"}</span>;
  }
  if (job.state === "cancelled") return <span className={classes.text}>cancelled</span>;
  if (job.state === "succeeded")
    return <span className={`${classes.text} truncate`}>{job.summary || "done"}</span>;
  const share = jobShare(job);
  return (
    <>
      <span className={`${classes.text} truncate`}>{stageText(job)}</span>
      <span className={classes.track} data-unknown={share === null}>
        <span style={share === null ? undefined : { width: `${100 * share}%` }} />
      </span>
      {share !== null && (
        <span className={`${classes.numbers} num`} data-testid={`job-${job.kind}-numbers`}>
          {jobNumbers(job)}
          {job.seconds_left != null && (
            <span className={classes.left}> · {formatTimeLeft(job.seconds_left)}</span>
          )}
        </span>
      )}
    </>
  );
}
