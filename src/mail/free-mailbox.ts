// This file lists the domains whose addresses belong to people at a mailbox provider: the large ones of the world, and those of access providers country by
// country. Mail from such an address by any other server fails the provider's DMARC policy or is treated as forged, so a route without a verified address
// cannot carry it.

/** Whole domains. */
const DOMAINS = new Set(
  `gmail.com googlemail.com
  yahoo.com ymail.com rocketmail.com myyahoo.com aol.com aol.de aol.fr aol.it aol.co.uk aim.com verizon.net netscape.net love.com wow.com games.com
  gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.org gmx.info gmx.biz gmx.eu gmx.fr gmx.es gmx.co.uk gmx.us web.de email.de mail.com caramail.com
  outlook.com hotmail.com live.com msn.com passport.com windowslive.com
  icloud.com me.com mac.com privaterelay.appleid.com
  t-online.de magenta.de freenet.de arcor.de vodafone.de vodafonemail.de kabelmail.de 1und1.de online.de mailbox.org posteo.de posteo.net freemail.hu
  bluewin.ch hispeed.ch sunrise.ch a1.net aon.at chello.at
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.com tuta.io tutamail.com keemail.me fastmail.com fastmail.fm hey.com
  zoho.com zohomail.com zohomail.eu hushmail.com mailfence.com runbox.com
  mail.ru inbox.ru list.ru bk.ru internet.ru xmail.ru yandex.ru yandex.com yandex.ua yandex.by yandex.kz ya.ru narod.ru rambler.ru lenta.ru ro.ru
  ukr.net i.ua meta.ua
  orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr numericable.fr bbox.fr club-internet.fr aliceadsl.fr voila.fr libertysurf.fr 9online.fr
  libero.it virgilio.it tin.it alice.it tim.it tiscali.it fastwebnet.it inwind.it iol.it email.it poste.it
  telefonica.net terra.es movistar.es ono.com sapo.pt
  telenet.be skynet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl hetnet.nl home.nl xs4all.nl casema.nl quicknet.nl zonnet.nl
  wp.pl o2.pl onet.pl op.pl interia.pl poczta.onet.pl gazeta.pl vp.pl tlen.pl seznam.cz email.cz centrum.cz atlas.cz post.cz azet.sk zoznam.sk
  abv.bg mail.bg telia.com spray.se bredband.net online.no hotmail.no jubii.dk mail.dk
  btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com blueyonder.co.uk ntlworld.com tiscali.co.uk eircom.net
  comcast.net xfinity.com cox.net charter.net spectrum.net rr.com roadrunner.com att.net sbcglobal.net bellsouth.net pacbell.net earthlink.net mindspring.com
  juno.com netzero.net optonline.net frontier.com windstream.net centurylink.net q.com shaw.ca rogers.com bell.net sympatico.ca videotron.ca telus.net
  uol.com.br bol.com.br terra.com.br ig.com.br globo.com
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn
  naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp rediffmail.com
  bigpond.com optusnet.com.au xtra.co.nz walla.co.il walla.com inbox.lv mail.ee
  mail.de kabelbw.de unitybox.de unity-mail.de netcologne.de ewetel.net ewe.net osnanet.de htp-tel.de alice-dsl.net alice.de o2mail.de o2online.de genion.de
  tiscali.de epost.de firemail.de directbox.com smart-mail.de versanet.de versanet-online.de t-online.hu gmx.li
  utanet.at inode.at drei.at kabelplus.at liwest.at tele2.at kabsi.at bluemail.ch swissonline.ch freesurf.ch quickline.ch netplus.ch
  cegetel.net noos.fr dbmail.com mailo.com netcourrier.com tele2.fr worldonline.fr
  supereva.it katamail.com teletu.it aruba.it vodafone.it blu.it jumpy.it
  ya.com wanadoo.es orange.es euskalnet.net mixmail.com ono.es netcabo.pt clix.pt iol.pt telepac.pt mail.telepac.pt portugalmail.pt
  upcmail.nl chello.nl tele2.nl solcon.nl zeelandnet.nl caiway.nl online.nl telfort.nl freeler.nl wxs.nl tiscali.nl
  voo.be pandora.be belgacom.net brutele.be tvcablenet.be mail.be pt.lu internet.lu
  talk21.com orange.net freeserve.co.uk fsmail.net o2.co.uk lineone.net plus.com virgin.net iol.ie indigo.ie vodafone.ie
  onet.eu interia.eu interia.com poczta.fm autograf.pl go2.pl buziaczek.pl spoko.pl neostrada.pl opoczta.pl int.pl poczta.pl
  volny.cz quick.cz tiscali.cz spoluzaci.cz stream.cz centrum.sk post.sk pobox.sk atlas.sk citromail.hu indamail.hu vipmail.hu upcmail.hu chello.hu
  dir.bg gbg.bg otenet.gr hol.gr forthnet.gr in.gr net.hr inet.hr t-com.hr vip.hr siol.net t-2.net amis.net volja.net eunet.rs ptt.rs clicknet.ro personal.ro
  comhem.se tele2.se home.se passagen.se swipnet.se glocalnet.net bahnhof.se broadpark.no getmail.no lyse.net start.no c2i.net frisurf.no
  ofir.dk tdcadsl.dk stofanet.dk webspeed.dk youmail.dk post.tele.dk get2net.dk
  kolumbus.fi luukku.com suomi24.fi elisanet.fi saunalahti.fi dnainternet.net pp.inet.fi welho.com netti.fi simnet.is
  hot.ee online.ee inbox.lt apollo.lv one.lv delfi.lv zebra.lt takas.lt
  email.ua e-mail.ua bigmir.net tut.by mynet.com ttmail.com superonline.com netvision.net.il zahav.net.il bezeqint.net 013.net
  mchsi.com suddenlink.net cableone.net wowway.com embarqmail.com centurytel.net tds.net hughes.net peoplepc.com prodigy.net swbell.net ameritech.net flash.net
  nvbell.net snet.net cs.com compuserve.com usa.net excite.com lycos.com currently.com
  cogeco.ca eastlink.ca sasktel.net mts.net primus.ca nf.sympatico.ca videotron.qc.ca telusplanet.net
  prodigy.net.mx terra.com terra.com.mx terra.cl vtr.net ciudad.com.ar fibertel.com.ar arnet.com.ar speedy.com.ar uol.com.ar oi.com.br zipmail.com.br globomail.com
  superig.com.br adinet.com.uy cantv.net une.net.co etb.net.co
  vip.qq.com vip.163.com tom.com 21cn.com 263.net chinaren.com pchome.com.tw yam.com hinet.net msa.hinet.net seed.net.tw singnet.com.sg pacific.net.sg
  starhub.net.sg tm.net.my streamyx.com netvigator.com biglobe.ne.jp nifty.com ocn.ne.jp so-net.ne.jp plala.or.jp dion.ne.jp ybb.ne.jp infoseek.jp excite.co.jp
  korea.com dreamwiz.com sify.com indiatimes.com vsnl.net bsnl.in
  bigpond.net.au tpg.com.au iinet.net.au internode.on.net westnet.com.au dodo.com.au adam.com.au aapt.net.au ozemail.com.au clear.net.nz slingshot.co.nz
  paradise.net.nz ihug.co.nz orcon.net.nz vodafone.co.nz mweb.co.za telkomsa.net vodamail.co.za webmail.co.za iafrica.com
  duck.com mozmail.com startmail.com disroot.org riseup.net cock.li email.com usa.com consultant.com post.com europe.com asia.com iname.com writeme.com dr.com
  engineer.com cheerful.com techie.com myself.com musician.org lawyer.com doctor.com accountant.com teachers.org`.split(/\s+/),
);

/** Providers that use one name under many country endings: yahoo.de, yahoo.co.uk, hotmail.fr, live.nl, outlook.es. */
const FAMILIES = /^(?:yahoo|hotmail|live|outlook|ymail|gmx|aol|yandex|posteo|fastmail|zoho|zohomail)(?:\.[a-z]{2,3}){1,2}$/;
/** Providers that give every town a name of its own: tampabay.rr.com. */
const BELOW = ['.rr.com', '.hinet.net'];

/** True when `domain` (any case, A-label form) gives mailboxes to the public. */
export function isFreeMailboxDomain(domain: string): boolean {
  const name = domain.toLowerCase().replace(/\.$/, '');
  return DOMAINS.has(name) || FAMILIES.test(name) || BELOW.some((ending) => name.endsWith(ending));
}
