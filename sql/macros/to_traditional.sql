-- The title of a series in traditional characters, one character for one.
CREATE OR REPLACE MACRO to_traditional(title) AS (translate(title,
    '与业两个为义亚产价众会伟余债储关内军农净准制办务动劳区医单占历变后周国处备实对币广应开总报据数时机权构标测济润献环现疗盘税级纳经综职联营计设该请调负贡财货购贷贸费资软达逊银链销长门间际陆险预额饮马驻径户账',
    '與業兩個為義亞產價眾會偉餘債儲關內軍農淨準製辦務動勞區醫單佔歷變後週國處備實對幣廣應開總報據數時機權構標測濟潤獻環現療盤稅級納經綜職聯營計設該請調負貢財貨購貸貿費資軟達遜銀鏈銷長門間際陸險預額飲馬駐徑戶賬'
));
