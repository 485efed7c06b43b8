//! Lanes: the same state of sixteen entities side by side, and the widest instructions that the processor has.
//!
//! A mechanism is written for one entity. A week runs it over the lanes of a block in loops of fixed length, which the
//! compiler turns into vector code. The functions in this file run such code with the instructions that are there; since
//! every operation is exact by IEEE 754, the bits do not depend on which.

use std::ops::Range;

/// Number of entities in a block.
pub const LANES: usize = 16;

/// One state of the entities of a block.
pub type Lanes = [f64; LANES];

/// Declares states that lie side by side in the lanes of a block. Whoever changes seats takes along every one of them: the
/// list of fields is written once, and `take_lane` copies them all.
macro_rules! states {
    ($(#[$doc:meta])* pub struct $name:ident { $( $(#[$about:meta])* pub $field:ident: Lanes, )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[repr(C, align(64))]
        pub struct $name {
            $( $(#[$about])* pub $field: $crate::model::lanes::Lanes, )+
        }

        impl $name {
            /// Takes every state of one lane of another block into a lane of this one.
            pub fn take_lane(&mut self, to: usize, other: &Self, from: usize) {
                $( self.$field[to] = other.$field[from]; )+
            }
        }
    };
}
pub(crate) use states;

/// A state that is the same in every lane.
pub const fn all(value: f64) -> Lanes {
    [value; LANES]
}

/// Gives the same value to these lanes and leaves the others.
#[inline(always)]
pub fn spread(state: &mut Lanes, lanes: &Range<usize>, value: f64) {
    if lanes.len() == LANES {
        *state = all(value);
    } else {
        state[lanes.clone()].fill(value);
    }
}

/// Adds `given` in these lanes and leaves the others.
#[inline(always)]
pub fn add(state: &mut Lanes, lanes: &Range<usize>, given: &Lanes) {
    if lanes.len() == LANES {
        for lane in 0..LANES {
            state[lane] += given[lane];
        }
    } else {
        for lane in lanes.clone() {
            state[lane] += given[lane];
        }
    }
}

/// Whether any lane differs from zero: where nothing happened in a whole block, what would follow from it is passed over.
#[inline(always)]
pub fn any(state: &Lanes) -> bool {
    let mut found = false;
    for value in state {
        found |= *value != 0.0;
    }
    found
}

/// The sum over the lanes, in a fixed order: halves are added to halves until one number is left.
#[inline(always)]
pub fn sum(state: &Lanes) -> f64 {
    let mut partial = *state;
    let mut width = LANES / 2;
    while width > 0 {
        let (low, high) = partial.split_at_mut(width);
        for (low, high) in low.iter_mut().zip(high) {
            *low += *high;
        }
        width /= 2;
    }
    partial[0]
}

/// Which instructions a run may use. The choice never changes a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Instructions {
    /// The widest that the processor has.
    #[default]
    Widest,
    /// The baseline of the target, for comparison.
    Baseline,
}

/// Work that is compiled once per width of instructions; `run` must be `#[inline(always)]` down to the loops.
pub trait Work {
    /// Does the work.
    fn run(self);
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)] // A function compiled for an extension may only run where the processor has it: checked at each call.
mod wide {
    use super::{Instructions, Work};

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
    fn avx512<W: Work>(work: W) {
        work.run();
    }

    #[target_feature(enable = "avx2")]
    fn avx2<W: Work>(work: W) {
        work.run();
    }

    pub(super) fn dispatch<W: Work>(instructions: Instructions, work: W) {
        if instructions == Instructions::Baseline {
            work.run();
        } else if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
        {
            // SAFETY: the four extensions were just detected.
            unsafe { avx512(work) }
        } else if is_x86_feature_detected!("avx2") {
            // SAFETY: AVX2 was just detected.
            unsafe { avx2(work) }
        } else {
            work.run();
        }
    }
}

/// Runs `work` with the instructions asked for.
pub fn dispatch<W: Work>(instructions: Instructions, work: W) {
    #[cfg(target_arch = "x86_64")]
    wide::dispatch(instructions, work);
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = instructions; // The baseline of other targets (NEON, WebAssembly) is all there is.
        work.run();
    }
}
