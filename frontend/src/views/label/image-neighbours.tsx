import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { neighboursQuery } from "../../api/activity-queries";
import { imageUrl } from "../../api/queries";
import { setSelection } from "../../state/selection";
import classes from "./image-neighbours.module.css";
import { useProject } from "./project-context";

const NUM_SHOWN = 8;

/** The images most like this one; a click opens one, a button selects them all. */
export function ImageNeighbours({ index }: { index: number }) {
  const { session, project } = useProject();
  const { data } = useQuery(
    neighboursQuery(session.projectId, index, project.model?.number ?? null, NUM_SHOWN),
  );
  if (!data || data.length === 0) return null;
  const select = () => {
    const indexes = Uint32Array.from([index, ...data]).sort();
    setSelection(session.selection, indexes, { gesture: "grid", now_ms: performance.now() });
    session.screen.setState({ openImage: null });
  };
  return (
    <section>
      <div className={classes.head}>
        <h3 className={classes.title}>Most alike</h3>
        <UnstyledButton className={classes.select} onClick={select} data-testid="select-alike">
          Select them
        </UnstyledButton>
      </div>
      <div className={classes.row} data-testid="neighbours">
        {data.map((other) => (
          <UnstyledButton
            key={other}
            onClick={() => session.screen.setState({ openImage: other })}
            aria-label={`Open image ${other}`}
          >
            <img src={imageUrl(session.projectId, other, "thumbnail")} alt="" />
          </UnstyledButton>
        ))}
      </div>
    </section>
  );
}
