import { UnstyledButton } from "@mantine/core";
import { IconArrowRight, IconCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { imageUrl } from "../../api/queries";
import { useProject } from "../label/project-context";
import classes from "./review.module.css";
import type { ReviewCase } from "./review-case";

export interface CaseListProps {
  cases: readonly ReviewCase[];
  done: ReadonlySet<number>;
  position: number;
  onShow: (position: number) => void;
}

/** The queue: each image with what it is called and what speaks against it. */
export function CaseList({ cases, done, position, onShow }: CaseListProps) {
  const { project, classById } = useProject();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.children[position]?.scrollIntoView({ block: "nearest" });
  }, [position]);
  const nameOf = (classId: number | null) => classById.get(classId ?? 0)?.name ?? "–";
  return (
    <ol ref={list} className={classes.list} aria-label="Labels to review">
      {cases.map((entry, at) => (
        <li key={entry.index}>
          <UnstyledButton
            className={classes.case}
            aria-current={at === position ? "true" : undefined}
            data-done={done.has(entry.index)}
            onClick={() => onShow(at)}
            data-testid="review-case"
            data-index={entry.index}
          >
            <img src={imageUrl(project.id, entry.index, "thumbnail")} alt="" loading="lazy" />
            <span className={classes.words}>
              <b className="truncate">{nameOf(entry.classId)}</b>
              <small className="truncate">
                <IconArrowRight size={11} />
                {entry.suggestedId === null ? `${entry.given.length} labels` : nameOf(entry.suggestedId)}
              </small>
            </span>
            {done.has(entry.index) ? (
              <IconCheck size={15} aria-label="Looked at" />
            ) : (
              entry.quality !== null && (
                <span className={`${classes.quality} num`}>{(100 * entry.quality).toFixed(1)}</span>
              )
            )}
          </UnstyledButton>
        </li>
      ))}
    </ol>
  );
}
