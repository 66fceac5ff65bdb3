/**
 * Mocks of vendors: `Vendors` decides, `MockServer`, `MockNetwork` and `MockTransport` carry it out.
 */
export * as Catalogue from "./Catalogue.ts"
export * as Clock from "./Clock.ts"
export * as Fault from "./Fault.ts"
export * as FaultKind from "./FaultKind.ts"
export * as Journal from "./Journal.ts"
export * as Key from "./Key.ts"
export * as Meaning from "./Meaning.ts"
export * as MockNetwork from "./MockNetwork.ts"
export * as MockServer from "./MockServer.ts"
export * as MockTransport from "./MockTransport.ts"
export * as Plan from "./Plan.ts"
export * as Recording from "./Recording.ts"
export * as Rules from "./Rules.ts"
export * as VendorList from "./VendorList.ts"
export * as Vendors from "./Vendors.ts"
