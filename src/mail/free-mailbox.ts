// This file lists the domains whose addresses belong to people at a mailbox provider. Mail from such an address by any other server fails the
// provider's DMARC policy or is treated as forged, so a route without a verified address cannot carry it.

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
  bigpond.com optusnet.com.au xtra.co.nz walla.co.il walla.com inbox.lv mail.ee`.split(/\s+/),
);

/** Providers that use one name under many country endings: yahoo.de, yahoo.co.uk, hotmail.fr, live.nl, outlook.es. */
const FAMILIES = /^(?:yahoo|hotmail|live|outlook|ymail|gmx)(?:\.[a-z]{2,3}){1,2}$/;

/** True when `domain` (any case, A-label form) gives mailboxes to the public. */
export function isFreeMailboxDomain(domain: string): boolean {
  const name = domain.toLowerCase().replace(/\.$/, '');
  return DOMAINS.has(name) || FAMILIES.test(name);
}
