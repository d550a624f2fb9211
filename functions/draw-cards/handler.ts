import { createWebHandler } from '../../shared/adapters/lambda/web-handler.ts';
import { type CardPorts, createCardsApp } from '../../shared/web/cards/card-routes.ts';
import type { Edge } from '../../shared/web/parts/client-address.ts';

/** Returns the handler of the images of shared links. */
export function createDrawCardsHandler(ports: CardPorts, edge: Edge): ReturnType<typeof createWebHandler> {
  return createWebHandler(createCardsApp(ports), edge);
}
