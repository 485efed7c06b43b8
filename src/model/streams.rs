//! Random numbers that belong to someone.
//!
//! Two worlds that differ in one treatment must share all their noise, or the difference between them is no effect but
//! luck. So every stream has a name: the purpose, and the entity it belongs to. A person's stream of chance in life is the
//! same in every world of a replication, and it is read by a fixed schedule: how much of it a week uses never depends on
//! what happened. Generator: xoshiro256++ (Blackman & Vigna 2021), seeded through SplitMix64.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::lanes::{Instructions, LANES, Lanes, Work, all, dispatch};
use super::maths;

/// What a stream is for. Its number is part of the seed: never renumber, only append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Who a person is.
    Birth = 1,
    /// What happens to a person in a week beyond the dyad.
    Life = 2,
    /// How two persons take to each other.
    Formation = 3,
    /// A coaching turn.
    Turn = 4,
    /// What happens to a dyad in a week.
    Dyad = 5,
    /// What an organization is like.
    Founding = 6,
    /// Who is touched by a risk factor.
    Risk = 7,
    /// Who is hired.
    Hiring = 8,
    /// Which unit gets which arm.
    Assignment = 9,
    /// Who is paired with whom.
    Matching = 10,
    /// A person's answers.
    Answer = 11,
    /// Who stops answering.
    Attrition = 12,
    /// What a screening measures of a person.
    Screening = 13,
    /// Who of the eligible goes to which arm.
    Strata = 14,
    /// Who works in which team, and which colleagues are tied.
    Network = 15,
    /// Whom a person seeks in a week, and whether the person has time for who asks.
    Seeking = 16,
    /// Who chooses which arm where people choose.
    Selection = 17,
    /// What a team's task is like, and how its members go about it.
    Task = 18,
    /// What the others say of a person in an assessment.
    Assessment = 21,
    /// What an observer sees.
    Observer = 22,
    /// An experiment from assumed numbers.
    Assumed = 23,
    /// Draws with which an analysis resamples its own data.
    Resampling = 26,
    /// How the items of an instrument differ from their mean.
    Items = 27,
    /// What the inputs of a business case are.
    Business = 28,
}

/// The seed of one stream: a chain of SplitMix64 finalizers over the four names.
pub fn seed(master: u64, replication: u64, purpose: Purpose, entity: u64) -> u64 {
    let mut state = mix(master ^ 0x7065_6572_6c61_6201);
    state = mix(state ^ replication.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    state = mix(state ^ (purpose as u64).wrapping_mul(0xd1b5_4a32_d192_ed03));
    mix(state ^ entity.wrapping_mul(0x8cb9_2ba7_2f3d_8dd7))
}

/// The SplitMix64 finalizer.
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One named stream, read one number at a time: for beginnings, assignment and answers.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Xoshiro256PlusPlus,
}

impl Stream {
    /// Opens the stream of this purpose and entity in this replication.
    pub fn open(master: u64, replication: u64, purpose: Purpose, entity: u64) -> Self {
        Self { generator: Xoshiro256PlusPlus::seed_from_u64(seed(master, replication, purpose, entity)) }
    }

    /// 64 random bits.
    pub fn word(&mut self) -> u64 {
        use rand_xoshiro::rand_core::Rng;
        self.generator.next_u64()
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        maths::unit_interval(self.word())
    }

    /// Two independent standard normals.
    pub fn normals(&mut self) -> (f64, f64) {
        let radius = self.word();
        maths::normal_pair(radius, self.word())
    }

    /// A whole number below `bound`, without bias worth speaking of (bound ≪ 2⁶⁴).
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.word()) * bound as u128) >> 64) as usize
    }

    /// Fisher–Yates shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Sixteen named streams side by side, one a lane.
#[derive(Clone, Debug)]
pub struct Generator {
    state: [[u64; LANES]; 4],
}

impl Generator {
    /// Opens the streams of as many entities as there are lanes.
    #[inline(always)]
    pub fn open(master: u64, replication: u64, purpose: Purpose, entity: impl Fn(usize) -> u64) -> Self {
        let mut state = [[0; LANES]; 4];
        for lane in 0..LANES {
            // As `Xoshiro256PlusPlus::seed_from_u64`, which a test compares.
            let mut split = seed(master, replication, purpose, entity(lane));
            for word in &mut state {
                word[lane] = mix(split);
                split = split.wrapping_add(0x9e37_79b9_7f4a_7c15);
            }
        }
        Self { state }
    }

    /// The next word of each lane.
    #[inline(always)]
    pub fn words(&mut self) -> [u64; LANES] {
        let mut words = [0; LANES];
        let [s0, s1, s2, s3] = &mut self.state;
        for lane in 0..LANES {
            words[lane] = s0[lane].wrapping_add(s3[lane]).rotate_left(23).wrapping_add(s0[lane]);
            let t = s1[lane] << 17;
            let mut c = s2[lane] ^ s0[lane];
            let mut d = s3[lane] ^ s1[lane];
            let b = s1[lane] ^ c;
            let a = s0[lane] ^ d;
            c ^= t;
            d = d.rotate_left(45);
            s0[lane] = a;
            s1[lane] = b;
            s2[lane] = c;
            s3[lane] = d;
        }
        words
    }

    /// A uniform of [0, 1) in each lane.
    #[inline(always)]
    pub fn uniforms(&mut self, out: &mut Lanes) {
        let words = self.words();
        for lane in 0..LANES {
            out[lane] = maths::unit_interval(words[lane]);
        }
    }

    /// Two independent standard normals in each lane.
    #[inline(always)]
    pub fn normals(&mut self, first: &mut Lanes, second: &mut Lanes) {
        let radius = self.words();
        let angle = self.words();
        for lane in 0..LANES {
            (first[lane], second[lane]) = maths::normal_pair(radius[lane], angle[lane]);
        }
    }
}

/// The first normals of sixteen streams, in the order in which [`Stream::normals`] gives their pairs.
pub fn first_normals<const PAIRS: usize>(
    (master, replication): (u64, u64),
    purpose: Purpose,
    entity: impl Fn(usize) -> u64,
) -> [[Lanes; 2]; PAIRS] {
    struct Draw<'a, F>((u64, u64), Purpose, F, &'a mut [[Lanes; 2]]);
    impl<F: Fn(usize) -> u64> Work for Draw<'_, F> {
        #[inline(always)]
        fn run(self) {
            let Self((master, replication), purpose, entity, drawn) = self;
            let mut generator = Generator::open(master, replication, purpose, entity);
            for [first, second] in drawn {
                generator.normals(first, second);
            }
        }
    }
    let mut drawn = [[all(0.0); 2]; PAIRS];
    dispatch(Instructions::Widest, Draw((master, replication), purpose, entity, &mut drawn));
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_equal_the_kept_crates_generator() {
        let mut lanes = Generator::open(7, 3, Purpose::Turn, |lane| 100 + lane as u64);
        let mut single: Vec<Stream> =
            (0..LANES).map(|lane| Stream::open(7, 3, Purpose::Turn, 100 + lane as u64)).collect();
        for _ in 0..50 {
            let words = lanes.words();
            for (lane, stream) in single.iter_mut().enumerate() {
                assert_eq!(words[lane], stream.word());
            }
        }
    }

    #[test]
    fn first_normals_are_those_of_single_streams() {
        let [one, two] = first_normals((7, 3), Purpose::Formation, |lane| 5 * lane as u64);
        for lane in 0..LANES {
            let mut single = Stream::open(7, 3, Purpose::Formation, 5 * lane as u64);
            assert_eq!((one[0][lane], one[1][lane]), single.normals());
            assert_eq!((two[0][lane], two[1][lane]), single.normals());
        }
    }

    #[test]
    fn streams_of_other_names_differ() {
        let base = seed(1, 2, Purpose::Birth, 3);
        for other in [
            seed(2, 2, Purpose::Birth, 3),
            seed(1, 3, Purpose::Birth, 3),
            seed(1, 2, Purpose::Life, 3),
            seed(1, 2, Purpose::Birth, 4),
        ] {
            assert_ne!(base, other);
        }
    }

    /// Moments of 400,000 normals; each bound is five standard errors (false alarm below 1e-5 at a fixed seed).
    #[test]
    fn normals_have_the_moments_of_normals() {
        let mut stream = Stream::open(1, 0, Purpose::Life, 0);
        let n = 400_000;
        let mut sums = [0.0; 5];
        for _ in 0..n / 2 {
            let (x, y) = stream.normals();
            for z in [x, y] {
                sums[0] += z;
                sums[1] += z * z;
                sums[2] += z * z * z;
                sums[3] += z * z * z * z;
            }
            sums[4] += x * y;
        }
        let n = f64::from(n);
        let standard_error = 5.0 / n.sqrt();
        assert!((sums[0] / n).abs() < standard_error);
        assert!((sums[1] / n - 1.0).abs() < standard_error * 2.0_f64.sqrt());
        assert!((sums[2] / n).abs() < standard_error * 15.0_f64.sqrt());
        assert!((sums[3] / n - 3.0).abs() < standard_error * 96.0_f64.sqrt());
        assert!((2.0 * sums[4] / n).abs() < standard_error * 2.0_f64.sqrt());
    }
}
