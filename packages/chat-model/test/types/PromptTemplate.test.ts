/** What does not compile: the compiler's run over this file is the test, the expectations only keep it honest. */
import { expect, expectTypeOf, it } from "vitest"
import * as PromptTemplate from "../../src/PromptTemplate.ts"

it("infers the names from the literal", () => {
  expectTypeOf<PromptTemplate.Names<"a {b} c {d_1} {$e}">>().toEqualTypeOf<"b" | "d_1" | "$e">()
  expectTypeOf<
    PromptTemplate.Names<'{"json": {"x": 1}} { y } {1a} {a-b} {城市} {{escaped}} {}'>
  >().toEqualTypeOf<never>()
  expectTypeOf<PromptTemplate.Names<"{{{a}}}">>().toEqualTypeOf<never>()
  expectTypeOf<PromptTemplate.Names<"{{a} {b}}">>().toEqualTypeOf<"a" | "b">()
  expectTypeOf<PromptTemplate.Names<"{ {inner}">>().toEqualTypeOf<"inner">()
  expectTypeOf<PromptTemplate.Names<string>>().toEqualTypeOf<string>()
  expectTypeOf(PromptTemplate.tagged`a ${"b"} ${"c"}`.names).toEqualTypeOf<ReadonlyArray<"b" | "c">>()
})

it("finds at compile time what it finds at run time", () => {
  const check = <const T extends string>(template: T, ...names: ReadonlyArray<PromptTemplate.Names<T>>) =>
    expect(PromptTemplate.make(template).names).toEqual(names)
  check("{{{a}}} {b}", "b")
  check("{{a} {b}}", "a", "b")
  check("{ {inner} {1a} {x9}", "inner", "x9")
  check("{{a}}}{b}", "b")
})

it("refuses values that are missing, unknown or of another kind", () => {
  const joke = PromptTemplate.make("A {adjective} joke about {topic}")
  // @ts-expect-error topic is missing
  expect(() => joke.render({ adjective: "short" })).toThrow("{topic}")
  // @ts-expect-error topc is unknown
  joke.render({ adjective: "short", topic: "cats", topc: "dogs" })
  // @ts-expect-error an object is no value
  joke.render({ adjective: "short", topic: { name: "cats" } })
  // @ts-expect-error nor is undefined
  expect(() => joke.render({ adjective: "short", topic: undefined })).toThrow("{topic}")
  // @ts-expect-error a template without placeholders takes none
  PromptTemplate.render("Hello", { name: "x" })
})
