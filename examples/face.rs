use peerlab::model::*;
use lanes::Instructions;
fn main() {
    let p = parameters::Parameters::default();
    let dyads = 60; let weeks = 12; let reps = 200;
    let orgs = vec![0usize; dyads];
    let forms = [world::Form{coached:true,formal:true,weeks,parameters:p.clone()}];
    let fd = vec![0usize; dyads];
    let nursery = person::Nursery::new(&p);
    let t0 = std::time::Instant::now();
    let mut n=0.0; let mut m=[0.0f64;30];
    let mut tg=vec![]; let mut steps=[0usize;4];
    let mut trusts = vec![];
    for r in 0..reps {
        let births: Vec<_> = (0..2*dyads as u64).map(|i| nursery.birth(1,r,i,&[(0.0,1.0);14])).collect();
        let bp = world::Blueprint{parameters:&p,organization_parameters:&[],births:&births,organization_of_dyad:&orgs,organizations:1,forms:&forms,form_of_dyad:&fd,seed:(1,r)};
        let mut w = world::World::new(&bp);
        let mut noise = world::Noise::open(1,r,dyads,1);
        for k in 0..weeks { noise.draw(Instructions::Widest); w.step(&noise, Instructions::Widest);
          let mut t=0.0; for d in 0..dyads { let b=&w.blocks[d/16]; t+=b.members[0].tie.trust[d%16]; } if r==0 {trusts.push(t/60.0)}; let _=k; }
        m[20]+=w.organizations[0].climate - w.organizations[0].set_point;
        m[21]+=w.organizations[0].norm; m[22]+=w.organizations[0].toolkit; m[23]+=w.organizations[0].exits;
        for d in 0..dyads { let b=&w.blocks[d/16]; let i=d%16;
          steps[b.shared.step[i] as usize]+=1;
          m[12]+=if b.shared.cause[i]==1.0||b.shared.cause[i]==2.0 {1.0} else {0.0}; m[13]+=if b.shared.cause[i]==2.0 {1.0} else {0.0}; m[14]+= if b.shared.cause[i]>=3.0 {1.0} else {0.0};
          m[15]+=b.shared.holding[i]; m[16]+=b.shared.dependence[i].abs(); m[17]+=b.shared.meetings[i];
          for s in 0..2 { let q=&b.members[s]; n+=1.0;
            let l=q.person.learning_personal[i]+q.person.learning_task[i];
            m[0]+=l; m[1]+=q.person.learning_personal[i]; m[2]+=q.tie.trust[i]; m[3]+=q.count.destructive[i]; m[4]+=q.count.turns[i]; m[5]+=q.count.severe[i]; m[6]+=q.count.undermined[i]; m[7]+=q.count.breaches[i];
            m[8]+=if q.count.negative_effects[i]>0.0{1.0}else{0.0}; m[9]+=if q.count.severe[i]+q.count.breaches[i]>0.0{1.0}else{0.0};
            m[10]+=q.person.motivation[i]; m[11]+=q.person.habit[i]; m[18]+=q.tie.vitality[i]; m[19]+=q.person.exploitative[i];
            tg.push((q.tie.trust[i], l, q.count.destructive[i]));
          } }
    }
    let el=t0.elapsed().as_secs_f64();
    let names=["learning","personal","trust","destructive","turns","severe","undermined","breaches","any neg","severe/breach persons","motivation","habit"];
    for (k,nm) in names.iter().enumerate(){ println!("{nm}: {:.4}", m[k]/n); }
    println!("destr share {:.3} underm share {:.4}", m[3]/m[4], m[6]/m[4]);
    println!("ended {:.3} logistic {:.3} other {:.3} holding {:.3} |dep| {:.3} meetings {:.2} vitality {:.3} exploit {:.3}", m[12]/n*2.0, m[13]/m[12], m[14]/n*2.0, m[15]/n*2.0, m[16]/n*2.0, m[17]/n*2.0, m[18]/n, m[19]/n);
    println!("climate change {:.3} norm {:.3} toolkit {:.3} exits {:.2} steps {:?}", m[20]/reps as f64, m[21]/reps as f64, m[22]/reps as f64, m[23]/reps as f64, steps);
    let cor=|f:&dyn Fn(&(f64,f64,f64))->(f64,f64)|{let v:Vec<_>=tg.iter().map(f).collect();let n=v.len() as f64;let (a,b)=(v.iter().map(|x|x.0).sum::<f64>()/n,v.iter().map(|x|x.1).sum::<f64>()/n);let (mut xy,mut xx,mut yy)=(0.,0.,0.);for x in v{xy+=(x.0-a)*(x.1-b);xx+=(x.0-a).powi(2);yy+=(x.1-b).powi(2);}xy/(xx*yy).sqrt()};
    println!("r trust gain {:.3} trust harm {:.3}", cor(&|x|(x.0,x.1)), cor(&|x|(x.0,x.2)));
    println!("trust path {:?}", trusts.iter().map(|x|(x*1000.0).round()/1000.0).collect::<Vec<_>>());
    println!("{:.1} ns per dyad-week all in", el*1e9/(reps as f64*dyads as f64*weeks as f64));
    // kernel only
    let births: Vec<_> = (0..2*960u64).map(|i| nursery.birth(1,0,i,&[(0.0,1.0);14])).collect();
    for d in [64usize, 960] { let orgs=vec![0;d]; let fd=vec![0;d];
    for ins in [Instructions::Baseline, Instructions::Widest] {
    let bp = world::Blueprint{parameters:&p,organization_parameters:&[],births:&births[..2*d],organization_of_dyad:&orgs,organizations:1,forms:&forms,form_of_dyad:&fd,seed:(1,0)};
    let mut w = world::World::new(&bp); let mut noise = world::Noise::open(1,0,d,1);
    let k = 4_000_000/d; let (mut a, mut b)=(0.0,0.0);
    for _ in 0..k/12 { let mut w2=w.clone(); std::mem::swap(&mut w,&mut w2); let t=std::time::Instant::now(); for _ in 0..12 { noise.draw(ins);} a+=t.elapsed().as_secs_f64(); let t=std::time::Instant::now(); for _ in 0..12 { w.step(&noise, ins);} b+=t.elapsed().as_secs_f64(); w=w2; }
    println!("{d} {ins:?}: noise {:.1} ns, step {:.1} ns", a*1e9/(k/12*12*d) as f64, b*1e9/(k/12*12*d) as f64); }}
}
