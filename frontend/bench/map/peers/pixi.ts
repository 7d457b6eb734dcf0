/** PixiJS: a ParticleContainer for the dots, sprites of one texture for the pictures. */
import {
  Application,
  Container,
  Graphics,
  Particle,
  ParticleContainer,
  Rectangle,
  Sprite,
  Texture,
} from "pixi.js";
import { type Peer, runPeer } from "./peer";
import { cropOf, type PeerScene, THUMBNAIL_PX } from "./scene";

void runPeer(async (scene: PeerScene, container: HTMLElement): Promise<Peer> => {
  const { data, camera, pictures, colourOf } = scene;
  const app = new Application();
  await app.init({ resizeTo: container, preference: "webgl", background: "#15171b", autoStart: true });
  container.append(app.canvas);
  const { clientWidth: width, clientHeight: height } = container;
  const world = new Container();
  const dot = app.renderer.generateTexture(new Graphics().circle(4, 4, 4).fill("#ffffff"));
  const dots = new ParticleContainer({ dynamicProperties: { position: false, color: false } });
  const at = (item: number): [number, number] => [
    width / 2 + ((data.positionsA[2 * item] as number) - camera.x) * camera.zoom,
    height / 2 - ((data.positionsA[2 * item + 1] as number) - camera.y) * camera.zoom,
  ];
  dots.particleChildren = Array.from({ length: data.numItems }, (_, item) => {
    const [x, y] = at(item);
    const [red, green, blue] = colourOf(item);
    return new Particle({
      texture: dot,
      x,
      y,
      anchorX: 0.5,
      anchorY: 0.5,
      tint: (red << 16) | (green << 8) | blue,
    });
  });
  dots.update();
  const atlas = Texture.from(await createImageBitmap(scene.atlas));
  const frames = data.pictures.map(
    () => new Texture({ source: atlas.source, frame: new Rectangle(0, 0, 64, 64) }),
  );
  const slide = (retention: number) => {
    frames.forEach((texture, picture) => {
      const [x, y, side] = cropOf(picture, retention);
      texture.frame.x = x;
      texture.frame.y = y;
      texture.frame.width = side;
      texture.frame.height = side;
      texture.update();
    });
  };
  slide(0.95);
  world.addChild(dots);
  for (const item of pictures) {
    const sprite = new Sprite(frames[data.pictureOf[item] as number] as Texture);
    sprite.anchor.set(0.5);
    sprite.position.set(...at(item));
    sprite.setSize(THUMBNAIL_PX);
    world.addChild(sprite);
  }
  app.stage.addChild(world);
  app.render();
  return {
    pan: (dx) => {
      world.x = -dx;
    },
    slide,
    pick: null,
  };
});
