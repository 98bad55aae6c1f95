package sandbox

import "strings"

// Common first and last names, joined at random: nobody in particular.
// Words of one list are separated by spaces; a "_" is a space within a name.
var (
	englishFirst = words(`Ann Ben Carol Daniel Emily Frank Grace Henry Irene Jack Karen Liam Megan Noah Olivia
		Paul Quinn Rachel Sam Tina Victor Wendy Adam Beth Chloe David Ella Fiona George Hannah Ian Julia Kevin
		Laura Mark Nina Oscar Peter Rose Simon Tom Una Vera Will Zoe Alice Brian Claire Dylan Eve James Mary
		John Robert Linda Susan Michael Sarah Thomas Nancy`)
	englishLast = words(`Lee Smith Jones Taylor Brown Wilson Evans Thomas Roberts Walker Wright Green Hall Wood
		Martin Clarke Jackson Harris Turner Cooper Hill Ward Morris Moore King Baker Parker Cook Allen Scott
		Young Mitchell Carter Phillips Campbell Stewart Murray Reid Ross Gray Shaw Hunt Palmer Mills Fox Webb
		Knight Dixon Barnes Fisher Mason Hughes Price Bell Kelly Bailey Rogers Chen Nguyen Patel Singh Khan
		Garcia Kim Park O'Brien O'Neill McDonald Smith-Jones Van_Dyke De_Souza`)
	irishFirst  = words(`Aoife Ciarán Siobhán Niamh Seán Róisín Pádraig Eoin Gráinne Conor Maeve Declan Sinéad Liam Orla`)
	irishLast   = words(`Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor Doyle Nolan Ní_Dhomhnaill Ó_Briain Quinn`)
	germanFirst = words(`Anna Jürgen Sabine Björn Claudia Günter Heike Jörg Käthe Lukas Monika Nele Oskar Petra
		Rüdiger Sören Tanja Uwe Vera Wolfgang Zoë Hans-Peter Marie-Luise Karl`)
	germanLast = words(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch
		Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Lange Groß Weiß
		von_Berg Müller-Lange Yılmaz Kowalski`)
	frenchFirst = words(`Amélie Benoît Chloé Didier Élodie François Geneviève Hervé Inès Jérôme Léa Marie-Claire
		Noémie Océane Pascal René Sophie Thérèse Yves Zoé Jean-Luc Anaïs`)
	frenchLast = words(`Martin Bernard Dubois Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia Roux Fournier
		Girard Mercier Guérin Müller Lefort D'Arcy Le_Goff De_La_Tour Bonnet François Legrand`)
	swedishFirst = words(`Åsa Björn Cecilia Dag Elin Fredrik Göran Håkan Ingrid Jonas Karin Lars Märta Nils Örjan Pär Sara Ulf`)
	swedishLast  = words(`Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson
		Lindström Åkesson Öberg Sjöberg Björk Ström Ek`)
	worldFirst = words(`Dmitri Светлана Γιώργος 健一 美咲 Łukasz Małgorzata Željko José Begoña Søren Thảo Ayşe Nguyệt Ioana Zsófia`)
	worldLast  = words(`Ivanov Петрова Παπαδόπουλος 田中 鈴木 Wiśniewski Nowak Horvat Núñez Muñoz Sørensen Trần Öztürk Ionescu Szabó`)
)

// The words of people's business lives.
var (
	titles = words(`Sales_Manager VP_Sales Account_Executive Marketing_Manager Head_of_Marketing CEO CTO CFO COO
		IT_Manager Operations_Manager Office_Manager Buyer Purchasing_Manager Software_Engineer Data_Analyst
		HR_Manager Project_Manager Product_Manager Consultant Managing_Director Owner Assistant Finance_Director`)
	trades = words(`Bakery Books Builders Cycles Dairy Electric Foods Furniture Garden Glass Insurance Kitchens
		Labs Lighting Logistics Motors Optics Packaging Paper Pharmacy Plumbing Printing Shoes Software Steel
		Textiles Timber Tools Toys Travel`)
	forms = words(`Ltd Inc. GmbH LLC AB SARL Group & Co`)

	// freeDomains are mailbox providers that anyone may use. Companies have domains of their own.
	freeDomains = words(`mail.example.com inbox.example.net post.example.org webmail.example.com`)
)

// words splits a list, and turns "_" into the space it stands for.
func words(list string) []string {
	all := strings.Fields(list)
	for i, w := range all {
		all[i] = strings.ReplaceAll(w, "_", " ")
	}
	return all
}

// latin spells letters that an e-mail address does not take, and nothing else; what it lacks is
// left out.
var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "á", "a", "à", "a", "â", "a", "ã", "a", "å", "a", "ả", "a", "ầ", "a",
	"ç", "c", "č", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "ệ", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ı", "i",
	"ł", "l", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "ø", "o", "ś", "s", "ş", "s", "ú", "u", "ù", "u", "û", "u", "ž", "z",
)

// mailbox is a name as the part of an e-mail address, empty when no letter of it is Latin.
func mailbox(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, latin.Replace(strings.ToLower(name)))
}
