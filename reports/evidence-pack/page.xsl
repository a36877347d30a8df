<?xml version="1.0" encoding="UTF-8"?>
<!-- The evidence pack of a referral, printable. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:e="https://doorstep.example/ns/v1/evidence" exclude-result-prefixes="e">
	<xsl:import href="../frame.xsl"/>
	<xsl:key name="day" match="e:attendance/e:marks/e:mark" use="@day"/>

	<xsl:template name="own-style">
					.marks td, .marks th { text-align: center; padding: .1em .2em } .marks th:first-child { text-align: left }
					.sign { margin-top: 20mm; border-top: 1px solid #000; width: 80mm }
	</xsl:template>

	<xsl:template match="/e:evidence-pack">
		<xsl:call-template name="frame">
			<xsl:with-param name="title" select="concat('Evidence of referral ', @referral)"/>
			<xsl:with-param name="content">
				<xsl:call-template name="cover"/>
				<xsl:apply-templates select="e:people | e:attendance | e:visits | e:agreements | e:letters | e:notices"/>
				<xsl:apply-templates select="e:decisions"/>
				<xsl:apply-templates select="e:changes"/>
				<xsl:apply-templates select="e:manifest"/>
			</xsl:with-param>
		</xsl:call-template>
	</xsl:template>

	<xsl:template name="cover">
		<h1>Evidence of referral <xsl:value-of select="@referral"/></h1>
		<xsl:if test="e:policy/@safe-to-refer = 'false'">
			<p class="warning">Not safe to refer yet: what is not established or missing decides whether the rule is met.</p>
		</xsl:if>
		<xsl:if test="e:changes/e:change">
			<p class="warning">Evidence changed since it was frozen: see the end.</p>
		</xsl:if>
		<dl>
			<dt>School</dt><dd><xsl:value-of select="concat(@school-name, ' (URN ', @school, ')')"/></dd>
			<dt>Pupil</dt><dd><xsl:value-of select="concat(e:people/e:pupil/e:given-name, ' ', e:people/e:pupil/e:family-name)"/></dd>
			<dt>State</dt><dd><xsl:value-of select="@state"/></dd>
			<dt>Rule that was met</dt><dd><xsl:value-of select="e:policy/e:rule"/></dd>
			<dt>Window</dt><dd><xsl:value-of select="concat(e:policy/@from, ' to ', e:policy/@to)"/></dd>
			<dt>Attendance</dt>
			<dd>
				<xsl:value-of select="concat(e:attendance/e:sums/@attended, ' of ', e:attendance/e:sums/@possible, ' sessions, ',
					e:attendance/e:sums/@percentage, ' % (from ', e:attendance/e:sums/@lowest, ' to ',
					e:attendance/e:sums/@highest, ' %)')"/>
			</dd>
			<dt>Lane</dt>
			<dd>
				<xsl:choose>
					<xsl:when test="e:policy/@lane = 'legal'">legal: unauthorised absence of a child of compulsory school age</xsl:when>
					<xsl:otherwise>support: no unauthorised absence, or not of compulsory school age</xsl:otherwise>
				</xsl:choose>
			</dd>
			<dt>Clause</dt>
			<dd>
				<xsl:value-of select="concat(e:policy/e:title, ', ', e:policy/@version, ', clause ', e:policy/@clause)"/>
				<xsl:if test="e:policy/e:place"><xsl:value-of select="concat(' (', e:policy/e:place, ')')"/></xsl:if>
				<xsl:value-of select="concat(': ', e:policy/e:words)"/>
			</dd>
			<dt>Frozen</dt><dd><xsl:value-of select="@frozen"/></dd>
			<dt>Manifest</dt><dd><code><xsl:value-of select="@manifest-sha256"/></code> (SHA-256)</dd>
		</dl>
		<xsl:if test="e:policy/e:missing">
			<h2>What was still missing</h2>
			<ul><xsl:for-each select="e:policy/e:missing"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
		</xsl:if>
		<p class="sign">Headteacher</p>
	</xsl:template>

	<xsl:template match="e:people">
		<div class="part">
			<h2>The pupil and who has parental responsibility</h2>
			<dl>
				<dt>Name</dt><dd><xsl:value-of select="concat(e:pupil/e:given-name, ' ', e:pupil/e:family-name)"/></dd>
				<dt>UPN</dt><dd><xsl:value-of select="e:pupil/@upn"/></dd>
				<dt>Date of birth</dt><dd><xsl:value-of select="e:pupil/@date-of-birth"/></dd>
				<dt>Compulsory school age</dt>
				<dd><xsl:choose><xsl:when test="e:pupil/@compulsory-school-age = 'true'">yes</xsl:when><xsl:otherwise>no</xsl:otherwise></xsl:choose></dd>
				<dt>Home</dt><dd><xsl:value-of select="e:pupil/e:address"/><xsl:text> </xsl:text><xsl:value-of select="e:pupil/e:postcode"/></dd>
			</dl>
			<table>
				<thead><tr><th>School</th><th>On roll from</th><th>to</th></tr></thead>
				<tbody>
					<xsl:for-each select="e:enrolment">
						<tr>
							<td><xsl:value-of select="concat(@name, ' (', @school, ')')"/></td>
							<td><xsl:value-of select="@admitted-on"/></td>
							<td><xsl:value-of select="@left-on"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
			<table>
				<thead><tr><th>Parental responsibility</th><th>Relationship</th><th>Phone</th><th>E-mail</th><th>Language</th></tr></thead>
				<tbody>
					<xsl:for-each select="e:contact">
						<tr>
							<td><xsl:value-of select="e:name"/></td><td><xsl:value-of select="@relationship"/></td>
							<td><xsl:value-of select="e:phone"/></td><td><xsl:value-of select="e:email"/></td>
							<td><xsl:value-of select="e:language"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
			<xsl:if test="not(e:contact)"><p>Nobody with parental responsibility is recorded.</p></xsl:if>
		</div>
	</xsl:template>

	<xsl:template match="e:attendance">
		<div class="part">
			<h2>Attendance from <xsl:value-of select="@from"/> to <xsl:value-of select="@to"/></h2>
			<p>
				<xsl:value-of select="concat('From ', e:sums/@from, ' to ', e:sums/@to, ' ', e:sums/@possible, ' possible sessions: ', e:sums/@attended, ' attended, ', e:sums/@authorised,
					' authorised absence, ', e:sums/@unauthorised, ' unauthorised absence, of which ', e:sums/@unresolved,
					' not established (N). ', e:sums/@gaps, ' sessions have no mark.')"/>
			</p>
			<xsl:if test="e:months/e:month">
				<table>
					<thead><tr><th>Month</th><th class="number">Attended</th><th class="number">Possible</th><th class="number">%</th></tr></thead>
					<tbody>
						<xsl:for-each select="e:months/e:month">
							<tr>
								<td><xsl:value-of select="concat(@from, ' to ', @to)"/></td><td class="number"><xsl:value-of select="@attended"/></td>
								<td class="number"><xsl:value-of select="@possible"/></td><td class="number"><xsl:value-of select="@percentage"/></td>
							</tr>
						</xsl:for-each>
					</tbody>
				</table>
			</xsl:if>
			<table>
				<thead><tr><th>Code</th><th>Meaning</th><th>Class</th><th class="number">Sessions</th></tr></thead>
				<tbody>
					<xsl:for-each select="e:codes/e:code">
						<tr>
							<td><xsl:value-of select="@code"/></td><td><xsl:value-of select="."/></td>
							<td><xsl:value-of select="translate(@class, '_', ' ')"/></td>
							<td class="number"><xsl:value-of select="@sessions"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
			<table class="marks">
				<thead><tr><th>Day</th><th>Morning</th><th>Afternoon</th><th>Said of it</th></tr></thead>
				<tbody>
					<xsl:for-each select="e:marks/e:mark[generate-id() = generate-id(key('day', @day)[1])]">
						<tr>
							<th><xsl:value-of select="@day"/></th>
							<td><xsl:value-of select="key('day', @day)[@session = 'AM']/@code"/></td>
							<td><xsl:value-of select="key('day', @day)[@session = 'PM']/@code"/></td>
							<td>
								<xsl:for-each select="key('day', @day)[@minutes-late or text()]">
									<div>
										<xsl:value-of select="@session"/><xsl:text>: </xsl:text>
										<xsl:if test="@minutes-late"><xsl:value-of select="concat(@minutes-late, ' minutes late. ')"/></xsl:if>
										<xsl:value-of select="."/>
									</div>
								</xsl:for-each>
							</td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
			<xsl:if test="e:amendments/e:amendment">
				<h3>Amended before it was frozen</h3>
				<table>
					<thead><tr><th>Mark</th><th>Was</th><th>Is now</th><th>When</th><th>Why</th></tr></thead>
					<tbody>
						<xsl:for-each select="e:amendments/e:amendment">
							<tr>
								<td><xsl:value-of select="concat(@day, ' ', @session)"/></td><td><xsl:value-of select="@was"/></td>
								<td><xsl:value-of select="@is-now"/></td><td><xsl:value-of select="@at"/></td>
								<td><xsl:value-of select="."/></td>
							</tr>
						</xsl:for-each>
					</tbody>
				</table>
			</xsl:if>
		</div>
	</xsl:template>

	<xsl:template match="e:visits">
		<h2>Home visits: <xsl:value-of select="count(e:visit)"/></h2>
		<xsl:for-each select="e:visit">
			<h3><xsl:value-of select="concat('Visit ', @id, ', ', @departed, ', ', translate(@purpose, '_', ' '))"/></h3>
			<xsl:for-each select="e:record">
				<p>
					<xsl:value-of select="translate(@outcome, '_', ' ')"/>
					<xsl:if test="e:spoke-to"><xsl:value-of select="concat('. Spoke to: ', e:spoke-to)"/></xsl:if>
					<xsl:if test="e:barriers"><xsl:value-of select="concat('. Barriers: ', e:barriers)"/></xsl:if>
					<xsl:if test="e:support"><xsl:value-of select="concat('. Support offered: ', e:support)"/></xsl:if>
				</p>
			</xsl:for-each>
			<xsl:if test="not(e:record)"><p>No outcome is recorded.</p></xsl:if>
		</xsl:for-each>
	</xsl:template>

	<xsl:template match="e:agreements">
		<h2>Agreements: <xsl:value-of select="count(e:agreement)"/></h2>
		<xsl:for-each select="e:agreement">
			<h3><xsl:value-of select="concat('Agreement ', @id, ' of ', @made-on, ' with ', e:made-with, ': ', @state)"/></h3>
			<xsl:if test="e:barriers"><p><xsl:value-of select="concat('Barriers: ', e:barriers)"/></p></xsl:if>
			<xsl:if test="e:support"><p><xsl:value-of select="concat('Support: ', e:support)"/></p></xsl:if>
			<xsl:for-each select="e:promise">
				<p>
					<xsl:value-of select="concat(@number, '. The ', @side, ': ', e:words, ' – ', @state)"/>
					<xsl:if test="@decided-on"><xsl:value-of select="concat(' on ', @decided-on)"/></xsl:if>
					<xsl:if test="e:note"><xsl:value-of select="concat('. ', e:note)"/></xsl:if>
				</p>
				<xsl:for-each select="e:test">
					<p class="note">
						<xsl:value-of select="concat('Tested ', @from, ' to ', @to, ': ', @verdict, '; ', @reason, '. ')"/>
						<code><xsl:value-of select="."/></code>
					</p>
				</xsl:for-each>
			</xsl:for-each>
		</xsl:for-each>
	</xsl:template>

	<xsl:template match="e:letters">
		<h2>Letters sent: <xsl:value-of select="count(e:letter)"/></h2>
		<xsl:for-each select="e:letter">
			<h3><xsl:value-of select="concat(e:subject, ', sent ', @sent-on, ' by ', @sent-by)"/></h3>
			<p>To <xsl:for-each select="e:recipient"><xsl:value-of select="."/><xsl:if test="position() != last()">, </xsl:if></xsl:for-each>;
				file <code><xsl:value-of select="@file"/></code>, SHA-256 <code><xsl:value-of select="@sha256"/></code></p>
			<p class="note"><xsl:value-of select="e:text"/></p>
		</xsl:for-each>
	</xsl:template>

	<xsl:template match="e:notices">
		<h2>Notices: <xsl:value-of select="count(*)"/></h2>
		<xsl:for-each select="e:notice-to-improve">
			<h3><xsl:value-of select="concat('Notice to Improve, ', @issued-on, ' to ', @ends-on)"/></h3>
			<p>
				<xsl:value-of select="concat('Record: ', e:record, '. Support so far: ', e:support, '. Support to come: ', e:further-support,
					'. Sufficient improvement: ', e:improvement, '.')"/>
				<xsl:if test="@result"><xsl:value-of select="concat(' Result, ', @result-on, ': ', translate(@result, '_', ' '), '.')"/></xsl:if>
			</p>
		</xsl:for-each>
		<xsl:for-each select="e:penalty-notice">
			<p>
				<xsl:value-of select="concat('Penalty notice ', @number, ' to ', ., ', ', @issued-on, ': ', @sessions,
					' unauthorised sessions in the school weeks from ', @first-week, ' to ', @last-week, ', £', @amount, '.')"/>
				<xsl:if test="@paid-on"><xsl:value-of select="concat(' Paid ', @paid-on, '.')"/></xsl:if>
				<xsl:if test="@withdrawn-on"><xsl:value-of select="concat(' Withdrawn ', @withdrawn-on, '.')"/></xsl:if>
			</p>
		</xsl:for-each>
	</xsl:template>

	<xsl:template match="e:decisions">
		<div class="part">
			<h2>Who decided what</h2>
			<table>
				<thead><tr><th>Step</th><th>When</th><th>Who</th><th>What and why</th></tr></thead>
				<tbody>
					<xsl:for-each select="*">
						<tr>
							<td><xsl:value-of select="local-name()"/></td>
							<td><xsl:value-of select="@at | @on"/></td>
							<td><xsl:value-of select="@by"/></td>
							<td>
								<xsl:value-of select="translate(@decision | @outcome, '_', ' ')"/>
								<xsl:if test="@authority"><xsl:value-of select="concat(@authority, ', ', @how, ' ', @reference)"/></xsl:if>
								<xsl:if test="text()"><xsl:value-of select="concat(' ', .)"/></xsl:if>
							</td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</xsl:template>

	<xsl:template match="e:changes">
		<h2>Changed since the evidence was frozen: <xsl:value-of select="count(e:change)"/></h2>
		<xsl:if test="e:change">
			<table>
				<thead><tr><th>Mark</th><th>School</th><th>What</th><th>When</th><th>Attendance since</th><th>Rule still met</th><th>Lane since</th></tr></thead>
				<tbody>
					<xsl:for-each select="e:change">
						<tr>
							<td><xsl:value-of select="concat(@day, ' ', @session)"/></td><td><xsl:value-of select="@school"/></td>
							<td><xsl:value-of select="concat(., ' (frozen as ', @frozen, ')')"/></td><td><xsl:value-of select="@at"/></td>
							<td><xsl:value-of select="concat(@attended, ' of ', @possible, ', ', @percentage, ' %')"/></td>
							<td><xsl:choose><xsl:when test="@still-met = 'true'">yes</xsl:when><xsl:otherwise>no</xsl:otherwise></xsl:choose></td>
							<td><xsl:value-of select="@lane"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</xsl:if>
	</xsl:template>

	<xsl:template match="e:manifest">
		<h2>Manifest</h2>
		<table>
			<thead><tr><th>File</th><th>What it is</th><th class="number">Bytes</th><th>SHA-256</th></tr></thead>
			<tbody>
				<xsl:for-each select="e:part">
					<tr>
						<td><xsl:value-of select="@name"/></td><td><xsl:value-of select="."/></td>
						<td class="number"><xsl:value-of select="@size"/></td><td><code><xsl:value-of select="@sha256"/></code></td>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
		<p class="note">
			Whoever has the archive of this pack can check that no part was changed since it was frozen:
			<code>unzip referral-<xsl:value-of select="/e:evidence-pack/@referral"/>.zip; sha256sum -c SHA256SUMS</code>,
			and that the manifest is the one named on the first page: <code>sha256sum MANIFEST</code>.
		</p>
	</xsl:template>
</xsl:stylesheet>
