import type { Random } from '../../base/random.js';

export const locations = ['bathroom', 'bedroom', 'garden', 'hallway', 'kitchen', 'office'] as const;
export const actors = ['Mary', 'John', 'Daniel', 'Sandra'] as const;
export const things = ['apple', 'milk', 'football'] as const;

export type Location = (typeof locations)[number];
export type Actor = (typeof actors)[number];
export type Thing = (typeof things)[number];

const moving = ['went to', 'journeyed to', 'travelled to', 'moved to', 'went back to'] as const;
const getting = ['grabbed', 'took', 'got', 'picked up'] as const;
const dropping = ['dropped', 'put down', 'discarded', 'left'] as const;

/**
 * The little world of the bAbI tasks (Weston et al. 2015): four actors move between six places and carry three things.
 * Where actors and things are at first is settled but not told; each event changes the world and gives its sentence.
 */
export class World {
  readonly #random: Random;
  readonly #place: Record<Actor, Location>;
  /** Where each thing lies, or was taken from while somebody holds it. */
  readonly #rest: Record<Thing, Location>;
  readonly #holder = new Map<Thing, Actor>();
  readonly #moved = new Set<Actor>();

  constructor(random: Random) {
    this.#random = random;
    const anywhere = () => random.pick(locations);
    this.#place = { Mary: anywhere(), John: anywhere(), Daniel: anywhere(), Sandra: anywhere() };
    this.#rest = { apple: anywhere(), milk: anywhere(), football: anywhere() };
  }

  /** Actors whose place follows from the sentences so far, because they have moved. */
  get located(): readonly Actor[] {
    return actors.filter((actor) => this.#moved.has(actor));
  }

  /** Things in someone's hands whose place follows from the sentences so far. */
  get locatedHeldThings(): readonly Thing[] {
    return things.filter((thing) => {
      const holder = this.#holder.get(thing);
      return holder !== undefined && this.#moved.has(holder);
    });
  }

  placeOf(actor: Actor): Location {
    return this.#place[actor];
  }

  /** Where a thing is: at its holder's place when somebody holds it. */
  placeOfThing(thing: Thing): Location {
    const holder = this.#holder.get(thing);
    return holder === undefined ? this.#rest[thing] : this.placeOf(holder);
  }

  /** Somebody goes to another place. */
  move(): string {
    const actor = this.#random.pick(actors);
    const here = this.placeOf(actor);
    const there = this.#random.pick(locations.filter((location) => location !== here));
    this.#place[actor] = there;
    this.#moved.add(actor);
    return `${actor} ${this.#random.pick(moving)} the ${there}.`;
  }

  /** Somebody moves, gets a thing that lies where they are, or drops one they hold. */
  event(): string {
    for (;;) {
      const kind = this.#random.below(3);
      if (kind === 0) return this.move();
      const sentence = kind === 1 ? this.#get() : this.#drop();
      if (sentence !== undefined) return sentence;
    }
  }

  #get(): string | undefined {
    const actor = this.#random.pick(actors);
    const thing = this.#random.pick(things);
    if (this.#holder.has(thing) || this.#rest[thing] !== this.placeOf(actor)) return undefined;
    this.#holder.set(thing, actor);
    return `${actor} ${this.#random.pick(getting)} the ${thing} there.`;
  }

  #drop(): string | undefined {
    const actor = this.#random.pick(actors);
    const thing = this.#random.pick(things);
    if (this.#holder.get(thing) !== actor) return undefined;
    this.#holder.delete(thing);
    this.#rest[thing] = this.placeOf(actor);
    return `${actor} ${this.#random.pick(dropping)} the ${thing}.`;
  }
}
