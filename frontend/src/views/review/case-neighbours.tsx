import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import { neighboursQuery } from "../../api/suggestion-queries";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { useProject } from "../label/project-context";
import classes from "./review.module.css";

/** Images most like this one with their labels: the quickest way to see which class it belongs with. */
export function CaseNeighbours({ index }: { index: number }) {
  const { session, project, classById } = useProject();
  const background = useMapBackground();
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const found = useQuery(neighboursQuery(project.id, index));
  if (!found.data || found.data.image_indexes.length === 0) return null;
  return (
    <section className={classes.neighbours} aria-label="Images like it">
      <h3>Images like it</h3>
      <ul>
        {found.data.image_indexes.map((other) => {
          const entry = classById.get(labels[other] ?? 0);
          return (
            <li key={other} title={entry?.name ?? "no label"}>
              <img
                src={imageUrl(project.id, other, "thumbnail")}
                alt={`${other}, ${entry?.name ?? "no label"}`}
              />
              <span>
                <i
                  style={{
                    background: entry ? shownColour(entry.colour, background) : "var(--app-line-strong)",
                  }}
                />
                <span className="truncate">{entry?.name ?? "–"}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
