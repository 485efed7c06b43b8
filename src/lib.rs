pub mod inquiry;
pub mod study;
